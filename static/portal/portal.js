/* Small things that every page of the portal shares. */
(() => {
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset?.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("[data-focus-me]")?.focus();
  });
})();
