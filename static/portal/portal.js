/* Small things that every page of the portal shares. */
(() => {
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset?.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  /* "/" leads to the search from each page, except while one writes. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector("#search-all, [data-wagtail-sidebar] input[type=text], .sidebar-search input");
    event.preventDefault();
    if (field && field.offsetParent) field.focus();
    else window.location.assign("/portal/search/");
  });

  /* After an act the numbers in the menu are not known: they come when the page is already shown. */
  const counted = (counts) => {
    for (const link of document.querySelectorAll("#wagtail-sidebar a[href], .sidebar a[href]")) {
      const count = counts[new URL(link.href).pathname];
      const label = link.querySelector(".menuitem-label") || link.querySelector("span:last-child");
      if (count && label && !/\)$/.test(label.textContent)) label.textContent += ` (${count.toLocaleString("ko")})`;
    }
  };
  window.addEventListener("load", () => {
    const asks = document.querySelector("[data-menu-counts]");
    if (!asks) return;
    fetch(asks.dataset.menuCounts, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.json() : {}))
      .then(counted)
      .catch(() => {});
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("[data-focus-me]")?.focus();
    /* Folded where it would push the form out of sight. */
    if (window.matchMedia("(min-width: 64em)").matches) document.querySelectorAll("[data-open-wide]").forEach((box) => { box.open = true; });
  });
})();
