/* The telephone's position, when the person wants to send it; and a word while the photograph is on its way. */
(function () {
  "use strict";

  const form = document.querySelector("[data-sign-photo]");
  if (!form) return;
  const box = form.querySelector("[data-position-box]");
  const status = form.querySelector("[data-position-status]");

  function tell(text) { status.textContent = text; }

  if ("geolocation" in navigator) {
    box.hidden = false;
    form.querySelector("[data-position-button]").addEventListener("click", () => {
      tell("위치를 알아보는 중…");
      navigator.geolocation.getCurrentPosition(
        (found) => {
          form.elements.latitude.value = found.coords.latitude.toFixed(7);
          form.elements.longitude.value = found.coords.longitude.toFixed(7);
          tell("위치를 함께 보냅니다 (오차 약 " + Math.round(found.coords.accuracy) + " m).");
        },
        () => tell("위치를 알 수 없습니다. 위치 없이 보낼 수 있습니다."),
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    });
  }
  form.addEventListener("submit", () => {
    const button = form.querySelector("[data-busy]");
    button.textContent = button.dataset.busy;
    window.setTimeout(() => { button.disabled = true; }, 0);
  });
}());
