// Files that go along with a message, sent straight to where they lie while the rest is still being written.
// Without this script they come with the form itself.
(function () {
  "use strict";
  var waiting = new WeakMap();

  function $$(selector, from) { return Array.from((from || document).querySelectorAll(selector)); }
  // What went wrong stays to be read until something else is chosen, whatever goes well meanwhile.
  function says(box, what, name) {
    var place = box.querySelector("[data-told]"), text = (box.dataset[what] || "").replace("{name}", name || "");
    var wrong = /^(many|large|kind|failed)$/.test(what), before = place.classList.contains("wrong");
    if (before && !wrong && what !== "wait") { return; }
    place.textContent = before && wrong ? place.textContent + " " + text : text;
    place.classList.toggle("wrong", wrong);
  }
  function size(bytes) {
    var units = ["byte", "kilobyte", "megabyte"], step = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : 2;
    return new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: step === 2 ? 1 : 0
    }).format(bytes / Math.pow(1000, step));
  }
  function changed(box) { box.dispatchEvent(new Event("input", { bubbles: true })); }
  function pending(form) { return waiting.get(form) || 0; }
  function count(form, by) {
    waiting.set(form, pending(form) + by);
    if (!pending(form)) { form.dispatchEvent(new CustomEvent("files-settled")); }
  }

  function removable(box, row, name, leave) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "remove";
    button.textContent = box.dataset.remove;
    button.setAttribute("aria-label", box.dataset.remove + ": " + name);
    button.addEventListener("click", function () {
      leave();
      row.remove();
      says(box, "removed", name);
      changed(box);
      box.querySelector("input[type=file]").focus();
    });
    row.append(" ", button);
  }

  // What came with the page is taken away by a tick where no script runs; here it has a button like the others.
  function setUp(box) {
    if (box.dataset.ready) { return; }
    box.dataset.ready = "1";
    box.closest("form").enctype = "application/x-www-form-urlencoded";
    box.querySelector("input[type=file]").removeAttribute("name");
    $$("li", box).forEach(function (row) {
      var tick = row.querySelector("input");
      var name = row.querySelector("[data-name]").textContent;
      row.replaceChildren(Object.assign(tick, { type: "hidden" }), row.querySelector("[data-name]"));
      removable(box, row, name, function () {});
    });
  }

  function add(box, file) {
    var ending = file.name.replace(/[. ]+$/, "").split(".").pop().toLowerCase();
    if ($$("li", box).length >= Number(box.dataset.most)) { return says(box, "many", file.name); }
    if (!file.size || file.size > Number(box.dataset.bytes)) { return says(box, "large", file.name); }
    if (box.dataset.refused.split(" ").indexOf(ending) >= 0) { return says(box, "kind", file.name); }
    var form = box.closest("form"), row = document.createElement("li"), sending = new XMLHttpRequest(), over = false;
    var label = document.createElement("span"), bar = document.createElement("progress");
    label.textContent = file.name + " (" + size(file.size) + ")";
    label.dir = "auto";
    bar.max = file.size;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    row.append(label, " ", bar);
    function settle() { if (!over) { over = true; count(form, -1); } }
    removable(box, row, file.name, function () { sending.abort(); settle(); });
    box.querySelector("ul").append(row);
    count(form, 1);
    offered(box, file).then(function (place) {
      if (over) { return; }
      sending.upload.addEventListener("progress", function (event) { bar.value = event.loaded; });
      sending.addEventListener("load", function () {
        if (sending.status !== 200) { return lost("failed"); }
        var field = document.createElement("input");
        field.type = "hidden";
        field.name = "upload";
        field.value = place.id;
        bar.remove();
        row.prepend(field);
        says(box, "sent", file.name);
        settle();
        changed(box);
      });
      sending.addEventListener("error", function () { lost("failed"); });
      sending.open("PUT", place.url);
      sending.setRequestHeader("Content-Type", place.type);
      sending.send(file);
    }).catch(function (status) { lost(status === 413 ? "large" : status === 422 ? "kind" : "failed"); });
    function lost(why) {
      row.remove();
      says(box, why, file.name);
      settle();
    }
  }

  function offered(box, file) {
    var told = { name: file.name, type: file.type, size: file.size, form: box.dataset.form, stamp: box.dataset.stamp };
    var headers = { "Content-Type": "application/json" };
    if (box.dataset.token) { headers["X-Form-Token"] = box.dataset.token; }
    return fetch(box.dataset.offer, {
      method: "POST", headers: headers, body: JSON.stringify(told), credentials: "same-origin"
    }).then(function (answer) { return answer.ok ? answer.json() : Promise.reject(answer.status); });
  }

  function boxOf(target) {
    var form = target.closest && target.closest("form");
    return form && form.querySelector("[data-uploads]");
  }
  function addAll(box, files) {
    box.querySelector("[data-told]").classList.remove("wrong");
    Array.from(files).forEach(function (file) { add(box, file); });
  }

  document.addEventListener("change", function (event) {
    var box = event.target.closest("[data-uploads]");
    if (!box || event.target.type !== "file") { return; }
    addAll(box, event.target.files);
    event.target.value = "";
  });
  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var box = boxOf(event.target);
      if (!box || Array.from(event.dataTransfer.types).indexOf("Files") < 0) { return; }
      event.preventDefault();
      box.classList.toggle("over", kind === "dragover");
      if (kind === "drop") { addAll(box, event.dataTransfer.files); }
    });
  });
  document.addEventListener("paste", function (event) {
    var box = boxOf(event.target);
    if (box && event.clipboardData.files.length && !event.clipboardData.types.includes("text/plain")) {
      event.preventDefault();
      addAll(box, event.clipboardData.files);
    }
  });

  // Who sends while files are still on their way sends when they have arrived.
  document.addEventListener("submit", function (event) {
    var form = event.target, box = form.querySelector("[data-uploads]");
    if (!box || !pending(form)) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.held) { return; }
    form.dataset.held = "1";
    says(box, "wait");
    form.addEventListener("files-settled", function () {
      delete form.dataset.held;
      form.requestSubmit(event.submitter);
    }, { once: true });
  }, true);

  function ready() { $$("[data-uploads]").forEach(setUp); }
  document.addEventListener("htmx:afterSwap", ready);
  ready();
})();
