/* The attendance code on the wall changes every minute: it is fetched anew, as background work, so that a screen left alone
   does not keep a session alive. */
(() => {
  const PERIOD = 15000;

  const follow = (figure) => {
    const svg = figure.querySelector("svg");
    const renew = async () => {
      try {
        const answer = await fetch(figure.dataset.wallCode, { headers: { "X-Background": "1" }, cache: "no-store" });
        if (answer.redirected || answer.status === 403 || answer.status === 409) return window.location.reload();
        if (answer.ok) {
          const now = await answer.json();
          svg.setAttribute("viewBox", `0 0 ${now.modules} ${now.modules}`);
          svg.querySelector("path").setAttribute("d", now.path);
          figure.querySelector("[data-wall-address]").textContent = now.address;
        }
      } catch {
        // The next one may come.
      }
      return window.setTimeout(renew, PERIOD);
    };
    window.setTimeout(renew, PERIOD);
  };

  for (const figure of document.querySelectorAll("[data-wall-code]")) follow(figure);
})();
