// What makes the console quick. Every page works without it.
(function () {
  "use strict";
  var REFRESH = 15000, SOON = 1500;

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

  // Lists look after themselves while somebody looks at them and has chosen nothing.
  // A ticket whose customer sits in the chat and waits asks sooner.
  function refresh(selector) {
    if (document.hidden || !window.htmx) { return; }
    $$(selector).forEach(function (each) {
      if (!$("input:checked", each)) { window.htmx.trigger(each, "refresh"); }
    });
  }
  setInterval(function () { refresh("[data-refresh]"); }, REFRESH);
  setInterval(function () { refresh("[data-refresh=soon]"); }, SOON);

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

  // Keys: j and k walk, Enter opens, x chooses, r answers, n notes, e solves, / searches, ? explains.
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
    var does = keys[event.key];
    if (does && does()) { event.preventDefault(); }
  });

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

  function ready() { tick(); frames(); copying(); }
  document.addEventListener("htmx:afterSwap", ready);
  ready();
  tellZone();
})();
