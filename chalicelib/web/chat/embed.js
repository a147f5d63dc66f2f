// Puts the chat box on a shop's page: a button and, once asked for, a frame with a page of the desk's own.
// Works beside a policy that allows this script and this frame alone: styles are made by the CSSOM, nothing is evaluated.
(function () {
  "use strict";
  var desk = __DESK__;
  var me = document.currentScript;
  if (!me || window.pennydeskChat) { return; }
  window.pennydeskChat = true;
  var base = me.src.replace(/chat\.js(?:[?#].*)?$/, "");
  var origin = new URL(base).origin;
  var set = me.dataset;

  function allowed(site) {
    if (site.indexOf("*.") < 0) { return site === location.origin; }
    var parts = site.split("*");
    return location.origin.indexOf(parts[0]) === 0 && location.origin.length > site.length - 1 &&
      location.origin.slice(-parts[1].length) === parts[1];
  }
  if (location.origin !== origin && !desk.sites.some(allowed)) {
    console.warn("Pennydesk: add " + location.origin + " to the allowed sites of the chat, in the desk's settings.");
    return;
  }
  var said = set.language || document.documentElement.lang || navigator.language || desk.language;
  var language = /^zh/i.test(said) ? "zh" : /^en/i.test(said) ? "en" : desk.language;
  var words = desk.words[language] || desk.words.en;

  function remember(how) {
    try { sessionStorage.setItem("pennydesk-chat", how); } catch (_) { /* a page later it is closed again */ }
  }
  function remembered() {
    try { return sessionStorage.getItem("pennydesk-chat") || ""; } catch (_) { return ""; }
  }
  function make(name, more) { return Object.assign(document.createElement(name), more); }

  var host = make("div");
  var shadow = host.attachShadow({ mode: "closed" });
  var sheet = new CSSStyleSheet();
  var side = set.side === "left" ? "left" : "right";
  sheet.replaceSync(
    ":host{all:initial;position:fixed;z-index:2147483000;bottom:20px;" + side + ":20px;color-scheme:light dark;" +
    "--key:" + desk.colours[0][0] + ";--ink:" + desk.colours[0][1] + "}" +
    "@media (prefers-color-scheme:dark){:host{--key:" + desk.colours[1][0] + ";--ink:" + desk.colours[1][1] + "}}" +
    "@media print{:host{display:none}}" +
    "button{all:unset;box-sizing:border-box;cursor:pointer;display:flex;align-items:center;gap:8px;min-height:48px;" +
    "padding:0 20px 0 16px;border-radius:24px;background:var(--key);color:var(--ink);" +
    "font:600 16px/1.2 system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;" +
    "box-shadow:0 4px 16px rgba(0,0,0,.28)}" +
    "button:focus-visible{outline:3px solid var(--key);outline-offset:3px}" +
    "svg{width:22px;height:22px;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}" +
    "b{min-width:20px;padding:2px 6px;box-sizing:border-box;border-radius:12px;background:var(--ink);color:var(--key);" +
    "font-size:14px;text-align:center}" +
    "section{position:absolute;bottom:60px;" + side + ":0;width:min(380px,calc(100vw - 40px));" +
    "height:min(600px,calc(100vh - 100px));border-radius:14px;overflow:hidden;background:Canvas;" +
    "box-shadow:0 8px 40px rgba(0,0,0,.32)}" +
    "iframe{display:block;width:100%;height:100%;border:0}" +
    "a{position:absolute;inset:auto 16px 16px;font:15px/1.4 system-ui,sans-serif;color:LinkText}" +
    "[hidden]{display:none!important}" +
    "@media (max-width:480px){section{position:fixed;inset:0;width:auto;height:auto;border-radius:0}}" +
    "@media (prefers-reduced-motion:no-preference){section{transition:opacity .16s,transform .16s}" +
    "section.away{opacity:0;transform:translateY(10px)}}"
  );
  shadow.adoptedStyleSheets = [sheet];

  var button = make("button", { type: "button" });
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-haspopup", "dialog");
  var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  var path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M4 5h16v11H10l-4 4v-4H4z");
  svg.append(path);
  var count = make("b", { hidden: true });
  button.append(svg, make("span", { textContent: words.open, lang: language }), count);
  var panel = null, frame = null, elsewhere = null, opened = false, asked = false, made = [];

  function modal() { return matchMedia("(max-width:480px)").matches; }
  function tell(what) { if (frame && elsewhere.dataset.well) { frame.contentWindow.postMessage(what, origin); } }
  function build() {
    if (panel) { return; }
    panel = make("section", { hidden: true, className: "away" });
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", words.title);
    frame = make("iframe", { title: words.title, src: base + "chat?framed=1&lang=" + language });
    elsewhere = make("a", { href: base + "chat?lang=" + language, target: "_blank", rel: "noopener", hidden: true, textContent: words.elsewhere });
    panel.append(frame, elsewhere);
    shadow.insertBefore(panel, button);
    setTimeout(function () { elsewhere.hidden = elsewhere.dataset.well === "1"; }, 6000);
  }
  // On a phone the box covers the page: what lies behind it can't be reached until it is closed.
  function cover(on) {
    made.forEach(function (each) { each.inert = false; });
    made = on ? Array.from(document.body.children).filter(function (each) { return each !== host && !each.inert; }) : [];
    made.forEach(function (each) { each.inert = true; });
    panel.setAttribute("aria-modal", on ? "true" : "false");
    button.hidden = on;
  }
  function open(quietly) {
    build();
    opened = true;
    asked = !quietly;
    panel.hidden = false;
    requestAnimationFrame(function () { panel.classList.remove("away"); });
    button.setAttribute("aria-expanded", "true");
    unread(0);
    cover(modal());
    remember("open");
    tell({ open: true, quietly: Boolean(quietly) });
    if (!quietly) { frame.focus(); }
  }
  function close() {
    if (!opened) { return; }
    opened = false;
    panel.hidden = true;
    panel.classList.add("away");
    button.setAttribute("aria-expanded", "false");
    cover(false);
    remember("kept");
    tell({ open: false });
    button.focus();
  }
  function unread(number) {
    count.hidden = !number;
    count.textContent = String(number || "");
    button.setAttribute("aria-label", words.open + (number ? " (" + words.new + ")" : ""));
  }
  button.addEventListener("click", function () { if (opened) { close(); } else { open(); } });
  shadow.addEventListener("keydown", function (event) { if (event.key === "Escape") { close(); } });
  matchMedia("(max-width:480px)").addEventListener("change", function () { if (opened) { cover(modal()); } });
  addEventListener("message", function (event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) { return; }
    var told = event.data || {};
    if (told.ready) {
      elsewhere.dataset.well = "1";
      elsewhere.hidden = true;
      tell({ open: opened, quietly: !asked, page: location.origin + location.pathname, name: set.name || "", email: set.email || "" });
    }
    if (told.close) { close(); }
    if (typeof told.unread === "number" && !opened) { unread(told.unread); }
    if (told.none && !opened) { remember(""); }
  });

  function begin() {
    document.body.append(host);
    shadow.append(button);
    unread(0);
    var before = remembered();
    if (before === "open" && !modal()) { open(true); } else if (before) { build(); }
  }
  if (document.body) { begin(); } else { addEventListener("DOMContentLoaded", begin); }
})();
