// What makes the console quick. Every page works without it.
(function () {
  "use strict";
  var FAST = 15000, SLOW = 120000, ACTIVE = 300000, ASLEEP = 3600000, LOOK = 60000, SOON = 1500;

  function $(selector, from) { return (from || document).querySelector(selector); }
  function $$(selector, from) { return Array.from((from || document).querySelectorAll(selector)); }
  function typing(event) {
    var at = event.target;
    return at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "checkbox";
  }

  // Countdowns, once a second, in the words of the reader's language.
  function tick() {
    var words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always", style: "short" });
    var now = Date.now();
    $$("[data-countdown]").forEach(function (each) {
      var left = (Date.parse(each.getAttribute("datetime")) - now) / 1000;
      var size = Math.abs(left);
      var shown = size < 90 ? words.format(Math.round(left), "second")
        : size < 5400 ? words.format(Math.round(left / 60), "minute")
        : size < 129600 ? words.format(Math.round(left / 3600), "hour")
        : words.format(Math.round(left / 86400), "day");
      var text = $("b", each);
      if (text && text.textContent !== shown) { text.textContent = shown; }
      if (left < -1.5 && each.hasAttribute("data-reload")) { each.removeAttribute("data-reload"); location.reload(); }
      each.classList.toggle("late", left <= 0);
      each.classList.toggle("soon", left > 0 && left < 3600);
    });
  }
  setInterval(tick, 1000);

  // Pages look after themselves while somebody looks at them and has chosen nothing: every 15 seconds as long as there was
  // a key or a pointer within five minutes, then every two minutes, and after an hour not before the next one.
  var active = Date.now(), asked = Date.now();
  // A ticket whose customer sits in the chat and waits asks sooner.
  function refresh(sooner) {
    if (document.hidden || !window.htmx) { return; }
    var now = Date.now();
    if (!sooner) { asked = now; }
    $$(sooner ? "[data-refresh=soon]" : "[data-refresh]").forEach(function (each) {
      if ($(".rows input:checked", each)) { return; }
      if (each.hasAttribute("data-look") && now - looked.at >= LOOK - 1000) { look(each); }
      else { window.htmx.trigger(each, "refresh"); }
    });
  }
  setInterval(function () {
    var idle = Date.now() - active;
    if (idle < ASLEEP && Date.now() - asked >= (idle < ACTIVE ? FAST : SLOW) - 500) { refresh(); }
  }, FAST);
  setInterval(function () { if (Date.now() - active < ACTIVE) { refresh(true); } }, SOON);
  function stirred() {
    var idle = Date.now() - active;
    active = Date.now();
    if (idle >= ACTIVE) { refresh(); }
  }
  ["keydown", "pointerdown", "pointermove"].forEach(function (kind) { addEventListener(kind, stirred, { passive: true }); });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && Date.now() - asked >= FAST) { refresh(); }
  });

  // Who looks at a ticket says so once a minute, with the question for what is new, and when they leave it.
  var looked = { path: "", at: 0 };
  function look(each) {
    looked = { path: each.getAttribute("hx-get").split("?")[0], at: Date.now() };
    window.htmx.ajax("POST", each.getAttribute("hx-get"), { source: each, target: each, swap: "outerHTML" });
  }
  function leave() {
    if (!looked.path) { return; }
    var headers = JSON.parse(document.body.getAttribute("hx-headers"));
    fetch(looked.path + "?gone=1", { method: "POST", headers: headers, keepalive: true, credentials: "same-origin" })
      .catch(function () { /* it is forgotten by itself */ });
    looked = { path: "", at: 0 };
  }
  addEventListener("pagehide", leave);
  function present() {
    var each = $("[data-look]");
    var path = each ? each.getAttribute("hx-get").split("?")[0] : "";
    if (path === looked.path) { return; }
    leave();
    if (each && window.htmx && !document.hidden) { look(each); }
  }

  // The reader's own time zone, told once.
  function tellZone() {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    var body = document.body;
    if (!zone || zone === body.dataset.zone || sessionStorage.getItem("zone") === zone) { return; }
    sessionStorage.setItem("zone", zone);
    fetch(body.dataset.root + "/console/preferences", {
      method: "POST", redirect: "manual",
      headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "zone=" + encodeURIComponent(zone)
    });
  }

  // Keys: j and k walk, Enter opens, x chooses, r answers, n notes, e solves, g leads elsewhere, / searches, ? explains.
  function rows() { return $$("#rows .row"); }
  function walk(step) {
    var all = rows();
    if (!all.length) { return; }
    var at = all.findIndex(function (row) { return row.contains(document.activeElement); });
    var next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
    $("a.what", next).focus();
    next.scrollIntoView({ block: "nearest" });
  }
  function press(selector) {
    var found = $(selector);
    if (!found) { return false; }
    found.focus();
    if (found.tagName === "BUTTON" || found.tagName === "A" || found.type === "radio") { found.click(); }
    return true;
  }
  var keys = {
    j: function () { walk(1); return true; },
    k: function () { walk(-1); return true; },
    x: function () {
      var row = document.activeElement && document.activeElement.closest(".row");
      var box = row && $("input[type=checkbox]", row);
      if (box) { box.click(); }
      return Boolean(box);
    },
    r: function () { return press("#kind-reply") && press("#text"); },
    n: function () { return press("#kind-note") && press("#text"); },
    e: function () { return press("[data-key=e]"); },
    u: function () { return press("[data-key=u]"); },
    z: function () { return press("[data-key=z]"); },
    "/": function () { return press("#search"); },
    "?": function () {
      var help = $("#keys");
      if (help) { help.showModal(); }
      return Boolean(help);
    }
  };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "Enter" && event.target.form && event.target.tagName === "TEXTAREA") {
        event.target.form.requestSubmit();
      }
      return;
    }
    if (event.key === "Escape" && typing(event)) { event.target.blur(); return; }
    if (typing(event)) { return; }
    if (document.body.dataset.keys === "off" || $("dialog[open]")) { return; }
    var place = Date.now() - going < 2000 && PLACES[event.key];
    going = event.key === "g" ? Date.now() : 0;
    if (place) {
      event.preventDefault();
      var link = $('#queues a[href$="view=' + place + '"]');
      if (link) { link.click(); } else { location.href = document.body.dataset.root + "/console?view=" + place; }
      return;
    }
    var does = keys[event.key];
    if (does && does()) { event.preventDefault(); }
  });
  var going = 0;
  var PLACES = { i: "mine", u: "unassigned", d: "due-soon", o: "breached", a: "all" };

  // All on the page are chosen by one box; the way back from a ticket leads to the list as it was.
  document.addEventListener("change", function (event) {
    var all = $("[data-all]");
    if (all && event.target.matches(".row input") && !event.target.checked) { all.checked = false; }
    if (event.target !== all || !all) { return; }
    $$("#rows .row input[type=checkbox]").forEach(function (box) { box.checked = event.target.checked; });
  });
  function wayBack() {
    var link = $("a[data-key=u]");
    if ($("#rows")) { sessionStorage.setItem("list", location.pathname + location.search.replace(/&told=[^&]*/, "")); }
    else if (link && sessionStorage.getItem("list")) { link.setAttribute("href", sessionStorage.getItem("list")); }
  }

  // What came of a form is read out also where the page was changed in place.
  function tell() {
    var words = $(".told[data-told] p"), told = $("#aloud");
    if (words && told && !words.dataset.said) {
      words.dataset.said = "1";
      setTimeout(function () { told.textContent = words.textContent; }, 200);
    }
  }

  // Mails in their frames are as high as they are; the frame runs no script, so it can be measured from here.
  function fit(frame) {
    try { frame.style.height = Math.min(4000, frame.contentDocument.documentElement.scrollHeight + 8) + "px"; } catch (_) { /* another origin */ }
  }
  function frames() {
    $$("iframe.mail").forEach(function (frame) {
      frame.addEventListener("load", function () { fit(frame); });
      fit(frame);
    });
  }

  // What is being written is kept, two seconds after the last key and when the page is left.
  var writing = 0;
  function keep(form) {
    var body = new URLSearchParams(new FormData(form));
    body.delete("status");
    return fetch(form.dataset.draft, { method: "POST", body: body, keepalive: true, credentials: "same-origin" })
      .then(function (answer) {
        var told = $("#draft-kept");
        if (answer.ok && told) { told.textContent = told.dataset.kept; }
      }, function () { /* it stays in the field, and is tried with the next key */ });
  }
  document.addEventListener("input", function (event) {
    var form = event.target.closest("[data-draft]");
    if (!form) { return; }
    var told = $("#draft-kept");
    if (told) { told.textContent = ""; }
    form.dataset.unsaved = "1";
    clearTimeout(writing);
    writing = setTimeout(function () { delete form.dataset.unsaved; keep(form); }, 2000);
  });
  addEventListener("pagehide", function () {
    var form = $("[data-draft][data-unsaved]");
    if (form) { delete form.dataset.unsaved; keep(form); }
  });

  // A form that is on its way can't be sent twice by an impatient finger.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    clearTimeout(writing);
    delete form.dataset.unsaved;
    // what opens in a frame beside the form leaves the form as it is
    if (event.submitter && event.submitter.formTarget) { return; }
    setTimeout(function () { $$("button", form).forEach(function (button) { button.disabled = true; }); }, 0);
    setTimeout(function () { $$("button", form).forEach(function (button) { button.disabled = false; }); }, 5000);
  });

  // A form that was refused shows why: htmx alone would show nothing. What refreshes itself stays as it was.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var answer = event.detail;
    if (answer.boosted && answer.xhr.status >= 400 && answer.xhr.responseText) {
      answer.shouldSwap = true;
      answer.isError = false;
    }
  });
  document.addEventListener("htmx:sendError", function (event) {
    var told = $("#said");
    if (event.detail.boosted && told) { told.textContent = told.dataset.offline; }
  });

  // A secret that is shown once is copied by a click where the browser lets a page do so.
  function copying() {
    if (!navigator.clipboard) { return; }
    $$("[data-copy]").forEach(function (each) {
      each.hidden = false;
      each.onclick = function () {
        navigator.clipboard.writeText(document.getElementById(each.dataset.copy).value).then(function () {
          each.textContent = each.dataset.copied;
        });
      };
    });
  }

  function ready() { tick(); frames(); copying(); wayBack(); present(); tell(); }
  document.addEventListener("htmx:afterSwap", ready);
  ready();
  tellZone();
})();
