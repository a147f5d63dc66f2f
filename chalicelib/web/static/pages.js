// What makes customers' pages quicker and kinder. Every page works without it.
(function () {
  "use strict";
  var PATIENCE = 30000;

  // Times in the reader's own zone and words.
  document.querySelectorAll("time[data-local]").forEach(function (each) {
    var words = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
    var when = new Date(each.dateTime), short = { dateStyle: "medium", timeStyle: "short" };
    each.textContent = new Intl.DateTimeFormat(document.documentElement.lang, each.dataset.local ? words : short).format(when);
  });

  // A program would have to reckon for each form that it sends; a person's browser does so while they write.
  var form = document.querySelector("form[data-stamp]"), told = document.querySelector("[data-proof-told]");
  var worker = null, proof = form && form.querySelector("[name=proof]");
  function begin() {
    if (worker || !window.Worker) { return; }
    worker = new Worker(form.dataset.worker);
    worker.addEventListener("message", function (event) { over(event.data); });
    worker.addEventListener("error", function () { over(""); });
    worker.postMessage({
      stamp: form.dataset.stamp, bits: Number(form.dataset.bits), puzzles: Number(form.dataset.puzzles)
    });
  }
  function over(numbers) {
    if (!proof) { return; }
    proof.value = numbers;
    proof = null;
    worker.terminate();
    form.dispatchEvent(new CustomEvent("proof-settled"));
  }
  if (form && Number(form.dataset.bits)) {
    form.addEventListener("focusin", begin, { once: true });
    form.addEventListener("submit", function (event) {
      begin();
      if (!proof || !worker) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.dataset.proving) { return; }
      form.dataset.proving = "1";
      told.textContent = told.dataset.wait;
      setTimeout(function () { over(""); }, PATIENCE);
      form.addEventListener("proof-settled", function () { form.requestSubmit(event.submitter); }, { once: true });
    }, true);
  }

  // A form that is on its way can't be sent twice by an impatient finger.
  document.addEventListener("submit", function (event) {
    var buttons = event.target.querySelectorAll("button:not([type=button])");
    function set(off) { buttons.forEach(function (button) { button.disabled = off; }); }
    setTimeout(set, 0, true);
    setTimeout(set, 8000, false);
  });
  addEventListener("pageshow", function (event) {
    if (event.persisted) { document.querySelectorAll("button").forEach(function (button) { button.disabled = false; }); }
  });
})();
