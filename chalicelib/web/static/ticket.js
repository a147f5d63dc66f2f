// Completes names after an @ in a note. Typed by hand they work as well.
(function () {
  "use strict";
  var MOST = 6;
  var open = null; // {list, field, from, chosen}

  function names() {
    return Array.from(document.querySelectorAll("#mention-names li")).map(function (each) { return each.textContent; });
  }
  function close() {
    if (!open) { return; }
    open.list.remove();
    open.field.removeAttribute("aria-activedescendant");
    open.field.removeAttribute("aria-controls");
    open = null;
  }
  function choose(place) {
    var all = Array.from(open.list.children);
    open.chosen = (place + all.length) % all.length;
    all.forEach(function (each, at) { each.setAttribute("aria-selected", String(at === open.chosen)); });
    open.field.setAttribute("aria-activedescendant", all[open.chosen].id);
  }
  function take(name) {
    var field = open.field, from = open.from, rest = field.value.slice(field.selectionEnd);
    close();
    field.value = field.value.slice(0, from) + "@" + name + " " + rest;
    field.selectionStart = field.selectionEnd = from + name.length + 2;
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function show(field) {
    close();
    var note = document.getElementById("kind-note");
    var typed = /(^|[^A-Za-z0-9_.%+-])[@＠]([^@＠\n]{0,30})$/.exec(field.value.slice(0, field.selectionEnd));
    if (!note || !note.checked || !typed) { return; }
    var begun = typed[2].toLowerCase();
    var fitting = names().filter(function (name) {
      return name.toLowerCase().indexOf(begun) === 0 && name.toLowerCase() !== begun;
    }).slice(0, MOST);
    if (!fitting.length) { return; }
    var list = document.createElement("ul");
    list.className = "completion";
    list.id = "completion";
    list.setAttribute("role", "listbox");
    fitting.forEach(function (name, at) {
      var each = document.createElement("li");
      each.id = "completion-" + at;
      each.textContent = name;
      each.setAttribute("role", "option");
      list.appendChild(each);
    });
    field.insertAdjacentElement("afterend", list);
    field.setAttribute("aria-controls", "completion");
    open = { list: list, field: field, from: field.selectionEnd - typed[2].length - 1, chosen: 0 };
    choose(0);
  }

  document.addEventListener("input", function (event) {
    if (event.target.id === "text" && event.isTrusted) { show(event.target); }
  });
  document.addEventListener("keydown", function (event) {
    if (!open || event.target !== open.field || event.isComposing) { return; }
    if (event.key === "ArrowDown") { choose(open.chosen + 1); }
    else if (event.key === "ArrowUp") { choose(open.chosen - 1); }
    else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") { take(open.list.children[open.chosen].textContent); }
    else if (event.key === "Escape") { close(); }
    else { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("mousedown", function (event) {
    var item = open && event.target.closest(".completion li");
    if (item) { event.preventDefault(); take(item.textContent); } else { close(); }
  });
  document.addEventListener("focusout", function (event) {
    if (open && event.target === open.field) { close(); }
  });
})();
