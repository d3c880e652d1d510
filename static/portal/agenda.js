/* Printing and copying: buttons that only work with script are shown only with script. */
(() => {
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
    for (const field of document.querySelectorAll("[data-select-all]")) {
      field.addEventListener("focus", () => field.select());
    }
    for (const button of document.querySelectorAll("[data-copy]")) {
      // Browsers give the clipboard to pages over TLS and on this machine only.
      if (!navigator.clipboard) continue;
      button.hidden = false;
      button.addEventListener("click", async () => {
        const said = document.querySelector("[data-copied]");
        try {
          await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
          said.textContent = "복사했습니다.";
        } catch {
          said.textContent = "복사하지 못했습니다. 주소를 선택해 직접 복사하십시오.";
        }
      });
    }
  });
})();
