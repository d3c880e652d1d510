/* A form is sent once: a second click while it is on its way does nothing (the server would find it the same anyway). */
(function () {
  "use strict";
  document.querySelectorAll("form[data-once]").forEach((form) => {
    let isSent = false;
    form.addEventListener("submit", (event) => {
      if (isSent) event.preventDefault();
      isSent = true;
    });
    window.addEventListener("pageshow", () => {
      isSent = false;
    });
  });
})();
