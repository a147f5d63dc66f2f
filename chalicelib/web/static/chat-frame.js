// The chat box. What it knows of the conversation is kept in this browser; what it shows comes from the desk alone.
(function () {
  "use strict";
  var SOON = 1500, LATER = 5000, SELDOM = 15000;
  var ACTIVE = 10 * 60000, IDLE = 60 * 60000, HIDDEN = 5 * 60000;
  var body = document.body, root = body.dataset.root, known = JSON.parse(body.dataset.known), words = known.words;
  var framed = window.parent !== window && /[?&]framed=1/.test(location.search);
  var locale = document.documentElement.lang;

  function $(id) { return document.getElementById(id); }
  function make(name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text) { made.textContent = text; }
    return made;
  }
  function random() {
    var bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  }
  function up(what) { if (framed) { window.parent.postMessage(what, "*"); } }

  // A browser may keep a frame's storage apart for each shop, or forbid it: then the conversation lasts as long as the page.
  var KEY = "pennydesk.chat", kept = {};
  try { kept = JSON.parse(localStorage.getItem(KEY)) || {}; } catch (_) { kept = {}; }
  function keep(changes) {
    kept = Object.assign({}, kept, changes);
    try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch (_) { /* memory has it */ }
  }

  var log = $("said"), text = $("text"), reach = $("reach"), shown = {}, waiting = [];
  var place = 0, told = 0, unread = 0, state = "open", reachable = false, page = "", failures = 0, timer = 0;
  var open = !framed, active = Date.now(), hiddenSince = 0, sending = false;

  function ask(method, path, content) {
    var headers = {};
    if (kept.token) { headers["X-Chat"] = kept.token; }
    if (content) { headers["Content-Type"] = "application/json"; }
    return fetch(root + "/chat/" + path, {
      method: method, headers: headers, body: content && JSON.stringify(content), credentials: "omit", cache: "no-store"
    }).then(function (answer) {
      if (answer.status === 204) { return null; }
      return answer.json().catch(function () { return {}; }).then(function (found) {
        if (answer.ok) { return found; }
        throw { status: answer.status, field: found.field || "" };
      });
    });
  }
  function begun() { return Boolean(kept.token); }
  function forget() {
    keep({ token: "", conversation: "" });
    place = told = 0;
    up({ none: true });
  }

  // What is said
  function time(at) { return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(at)); }
  function line(said) {
    var item = make("li", said.mine ? "mine" : ""), box = make("div"), how = make("div", "how");
    if (!said.mine) {
      var face = make("span", "face", (said.by || words.desk).trim().slice(0, 1).toUpperCase());
      face.setAttribute("aria-hidden", "true");
      item.append(face);
      box.append(make("div", "by", said.by || words.desk));
    } else {
      box.append(make("span", "hidden", words.you + ": "));
    }
    var content = make("div", "words", said.text);
    content.dir = "auto";
    box.append(content);
    if (said.files && said.files.length) {
      var list = make("ul", "files");
      said.files.forEach(function (file) {
        var link = make("a", "", file.name), entry = make("li");
        link.href = file.link;
        link.target = "_blank";
        link.rel = "noopener";
        entry.append(link);
        list.append(entry);
      });
      box.append(list);
    }
    item.append(box, how);
    if (!said.mine) { box.append(how); }
    log.append(item);
    return { item: item, how: how };
  }
  function stamp(entry, at, sent) {
    var when = make("time", "", time(at));
    when.dateTime = at;
    entry.how.replaceChildren(when);
    if (sent) { entry.how.append(" · " + words.sent); }
  }
  function toEnd() { $("scroll").scrollTop = $("scroll").scrollHeight; }
  function tell(message) { $("told").textContent = message; $("told").hidden = !message; }
  function show(news) {
    var fresh = 0;
    news.lines.forEach(function (said) {
      if (shown[said.id]) { return; }
      shown[said.id] = true;
      stamp(line(said), said.at, said.mine);
      if (!said.mine) { fresh += 1; }
    });
    if (news.lines.length) { toEnd(); }
    if (news.place > place) { place = news.place; }
    state = news.state;
    reachable = news.reachable;
    if (fresh) {
      active = Date.now();
      if (!open && told) { unread += fresh; up({ unread: unread }); }
    }
    if (!told && !open) { told = place; }
    stand();
    read();
  }
  function stand() {
    tell(state === "open" ? "" : words[state]);
    $("end").hidden = !begun() || state !== "open";
    if (state !== "open") { $("ending").hidden = true; }
    var asks = body.dataset.email !== "never" && !reachable;
    reach.hidden = !asks || state === "over" || !$("ending").hidden;
    $("reach-keep").hidden = !begun();
  }
  function visible() { return open && !document.hidden; }
  // Read is what was on an open page. The desk then needn't send it by mail.
  function read() {
    if (!visible() || place <= told || !begun()) { return; }
    var before = told;
    told = place;
    ask("POST", "seen", { place: place }).catch(function () { told = before; });
  }

  // Asking for news: often while somebody waits, seldom while nobody looks, in the end not at all
  function pause() {
    if (failures) { return Math.min(30000, SOON * Math.pow(2, failures)); }
    var quiet = Date.now() - active;
    if (!visible()) { return Date.now() - hiddenSince < HIDDEN ? SELDOM : 0; }
    return quiet < ACTIVE ? SOON : quiet < IDLE ? LATER : 0;
  }
  function later() {
    clearTimeout(timer);
    var wait = pause();
    if (wait && begun() && state !== "over") { timer = setTimeout(poll, wait); }
  }
  function poll() {
    clearTimeout(timer);
    if (!begun()) { return; }
    ask("GET", "messages?after=" + place).then(function (news) {
      if (failures) { failures = 0; stand(); }
      if (news) { show(news); }
    }, function (problem) {
      if (problem.status === 404 || problem.status === 410) {
        forget();
        state = "over";
        stand();
      } else {
        failures += 1;
        if (failures > 1) { tell(words.offline); }
      }
    }).then(later);
  }
  function awake() {
    var slept = Date.now() - active > ACTIVE;
    active = Date.now();
    if (slept && begun()) { poll(); }
  }

  // Saying something: one after the other, each until it has arrived
  function wrong(id, message) {
    var told = $(id + "-wrong");
    told.textContent = message || "";
    told.hidden = !message;
    if (message) { $(id).setAttribute("aria-invalid", "true"); } else { $(id).removeAttribute("aria-invalid"); }
  }
  function send(entry) {
    if (!begun() || state === "over") {
      if (state === "over") { forget(); state = "open"; }
      if (!kept.conversation) { keep({ conversation: random() }); }
      return ask("POST", "conversations", {
        conversation: kept.conversation, text: entry.text, name: $("name").value, email: $("email").value,
        language: locale.slice(0, 2), page: page
      }).then(function (answer) {
        keep({ token: answer.token });
        reachable = reachable || Boolean($("email").value);
        return { id: answer.id, at: new Date().toISOString() };
      });
    }
    return ask("POST", "messages", { id: entry.id, text: entry.text });
  }
  function next() {
    var entry = waiting[0];
    if (!entry || sending) { return; }
    sending = true;
    entry.how.replaceChildren(words.sending);
    send(entry).then(function (answer) {
      waiting.shift();
      sending = false;
      if (shown[answer.id]) { entry.item.remove(); } else { shown[answer.id] = true; stamp(entry, answer.at, true); }
      active = Date.now();
      stand();
      later();
      next();
    }, function (problem) {
      sending = false;
      if (problem.status === 410 || (problem.status === 404 && begun())) {
        forget();
        state = "open";
        next();
        return;
      }
      failed(entry, problem);
    });
  }
  function failed(entry, problem) {
    var again = make("button", "plain", words.again);
    again.type = "button";
    again.addEventListener("click", function () { next(); });
    entry.how.replaceChildren(words.not_sent, again);
    if (problem.field === "email") { reach.hidden = false; wrong("email", words.address_wrong); $("email").focus(); }
    if (problem.status === 429) { tell(words.too_often); }
    else if (problem.status === 422 && problem.field === "text") { tell(words.too_long); }
    else if (problem.status) { tell(words.trouble); }
    else { tell(words.offline); }
  }
  $("write").addEventListener("submit", function (event) {
    event.preventDefault();
    var said = text.value.trim();
    wrong("email");
    if (!said) { text.focus(); return; }
    if (!begun() && !reach.hidden && ($("email").value || body.dataset.email === "required") && !addressed()) { return; }
    var entry = Object.assign({ id: random(), text: said }, line({ mine: true, text: said }));
    waiting.push(entry);
    text.value = "";
    grow();
    toEnd();
    next();
    text.focus();
  });
  function addressed() {
    var field = $("email"), right = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(field.value.trim());
    wrong("email", right ? "" : words.address_wrong);
    if (!right) { field.focus(); }
    return right;
  }
  reach.addEventListener("submit", function (event) {
    event.preventDefault();
    if (!addressed()) { return; }
    if (!begun()) { text.focus(); return; }
    ask("POST", "address", { email: $("email").value, name: $("name").value }).then(function (answer) {
      reachable = answer.reachable;
      stand();
      tell(words.address_kept);
      text.focus();
    }, function () { wrong("email", words.trouble); });
  });
  function grow() {
    text.style.height = "auto";
    text.style.height = Math.min(144, text.scrollHeight + 2) + "px";
  }
  text.addEventListener("input", grow);
  text.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("write").requestSubmit(); }
  });

  // Being done
  $("end").addEventListener("click", function () { $("ending").hidden = false; stand(); toEnd(); $("end-yes").focus(); });
  $("end-no").addEventListener("click", function () { $("ending").hidden = true; stand(); toEnd(); text.focus(); });
  $("end-yes").addEventListener("click", function () {
    ask("POST", "end", {}).then(function (answer) {
      state = answer.state;
      stand();
      tell(words.ended);
      text.focus();
    }, function () { tell(words.trouble); });
  });

  // The shop's page around it
  if (framed) {
    $("close").hidden = false;
    $("close").addEventListener("click", function () { up({ close: true }); });
    document.addEventListener("keydown", function (event) { if (event.key === "Escape") { up({ close: true }); } });
    window.addEventListener("message", function (event) {
      if (event.source !== window.parent || !event.data) { return; }
      var said = event.data;
      if (typeof said.page === "string") { page = said.page; }
      ["name", "email"].forEach(function (id) { if (typeof said[id] === "string" && !$(id).value) { $(id).value = said[id]; } });
      if (typeof said.open === "boolean") { opened(said.open, said.quietly); }
    });
  }
  function opened(now, quietly) {
    open = now;
    unread = 0;
    hiddenSince = Date.now();
    if (open) {
      active = Date.now();
      read();
      toEnd();
      if (!quietly) { text.focus(); }
    }
    if (begun()) { poll(); }
  }
  document.addEventListener("visibilitychange", function () {
    hiddenSince = Date.now();
    if (!document.hidden) { active = Date.now(); read(); }
    if (begun()) { poll(); }
  });
  ["pointerdown", "keydown", "focusin"].forEach(function (name) { document.addEventListener(name, awake); });
  window.addEventListener("online", function () { failures = 0; if (begun()) { poll(); } });

  if (!known.open) {
    var back = new Date(known.back);
    var day = new Intl.DateTimeFormat(locale, { weekday: "long", hour: "2-digit", minute: "2-digit" }).format(back);
    var far = back - Date.now() > 6 * 86400000;
    var when = far ? new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" }).format(back) : day;
    $("hours").textContent = words.closed_until.replace("{when}", when);
    $("hours").hidden = false;
  }
  stand();
  up({ ready: true });
  if (begun()) { poll(); } else { up({ none: true }); }
})();
