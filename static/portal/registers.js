/* Small helps on the register's lists; every one of them works without script too. */
(function () {
  "use strict";

  /* "Choose all on this page" and the count of what is chosen. */
  function bulkSelection(form) {
    const all = form.querySelector("[data-select-all]");
    const boxes = Array.from(form.querySelectorAll("[data-select-row]"));
    const count = form.querySelector("[data-select-count]");
    const actions = form.querySelector("[data-select-actions]");
    if (!boxes.length) return;
    const show = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      if (all) {
        all.checked = chosen === boxes.length;
        all.indeterminate = chosen > 0 && chosen < boxes.length;
      }
      if (actions) actions.hidden = !chosen;
      if (count) count.textContent = chosen ? chosen.toLocaleString("ko-KR") + (count.dataset.unit || "대") + " 선택" : "";
    };
    if (all) {
      all.addEventListener("change", () => {
        boxes.forEach((box) => { box.checked = all.checked; });
        show();
      });
    }
    boxes.forEach((box) => box.addEventListener("change", show));
    show();
  }

  /* Inputs that matter only for one answer of another field are shown with it. */
  function dependents(element) {
    const [name, value] = element.dataset.shownFor.split("=");
    const inputs = Array.from(document.getElementsByName(name));
    const show = () => {
      const chosen = inputs.filter((input) => input.type !== "radio" || input.checked).map((input) => input.value);
      element.hidden = !chosen.includes(value);
    };
    inputs.forEach((input) => input.addEventListener("change", show));
    show();
  }

  /* Camera numbers while typing: suggestions from the register into a datalist. */
  function suggestions(input) {
    const list = document.getElementById(input.getAttribute("list"));
    if (!list) return;
    let waiting = 0;
    input.addEventListener("input", () => {
      window.clearTimeout(waiting);
      if (input.value.trim().length < 2) return;
      waiting = window.setTimeout(() => {
        fetch(list.dataset.url + "?q=" + encodeURIComponent(input.value.trim()), { credentials: "same-origin" })
          .then((answer) => (answer.ok ? answer.json() : { results: [] }))
          .then((answer) => {
            list.replaceChildren(...answer.results.map((result) => {
              const option = document.createElement("option");
              option.value = result.number;
              option.label = result.label;
              return option;
            }));
          })
          .catch(() => {});
      }, 250);
    });
  }

  /* A new value is meant: typing it ticks its row. */
  function tickedByTyping(form) {
    const tick = (event) => {
      const row = event.target.closest("tr");
      const box = row && row.querySelector("input[name=changed]");
      if (box && event.target !== box) box.checked = true;
    };
    form.addEventListener("input", tick);
    form.addEventListener("change", tick);
  }

  document.querySelectorAll("[data-tick-by-typing]").forEach(tickedByTyping);
  document.querySelectorAll("[data-bulk]").forEach(bulkSelection);
  document.querySelectorAll("[data-shown-for]").forEach(dependents);
  document.querySelectorAll("[data-suggest]").forEach(suggestions);
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
