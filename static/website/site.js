/* The menu of narrow screens. Without scripts the menu stays open. */
(function () {
  "use strict";
  const toggle = document.querySelector(".site-header__toggle");
  const menu = document.getElementById("site-menu");
  if (!toggle || !menu) return;
  document.body.classList.remove("no-script");
  function show(open) {
    menu.classList.toggle("is-open", open);
    toggle.setAttribute("aria-expanded", String(open));
  }
  toggle.addEventListener("click", () => show(toggle.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.classList.contains("is-open")) return;
    show(false);
    toggle.focus();
  });
})();
