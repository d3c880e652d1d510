/* Polls the progress of long work and shows it; loads the page again when the work has ended.
   The polling is marked as background work, so that an abandoned screen does not keep a session alive. */
(() => {
  const PERIOD = 1500;
  const SLOWEST = 15000;

  const follow = (box) => {
    const find = (name) => box.querySelector(`[data-run-${name}]`);
    let wait = PERIOD;
    let spoken = "";

    const show = (now) => {
      find("label").textContent = now.label;
      find("label").className = `p-badge p-badge--${now.state}`;
      find("step").textContent = now.step;
      find("amount").textContent = now.amount;
      const bar = find("bar");
      if (now.percent !== null) bar.value = now.percent;
      else if (now.is_finished) bar.value = 100;
      else bar.removeAttribute("value");
      find("error").textContent = now.error;
      find("error").hidden = !now.error;
      const words = now.percent === null ? now.label : `${now.label} ${Math.floor(now.percent / 10) * 10}%`;
      if (words !== spoken) find("spoken").textContent = spoken = words;
    };

    const finish = () => {
      if (box.dataset.doneUrl) window.location.assign(box.dataset.doneUrl);
      else window.location.reload();
    };

    const poll = async () => {
      try {
        const answer = await fetch(box.dataset.progressUrl, {
          headers: { "X-Requested-With": "XMLHttpRequest", "X-Background": "1" },
        });
        if (answer.status === 403 || answer.redirected) return window.location.reload();
        if (!answer.ok) throw new Error(answer.statusText);
        const now = await answer.json();
        show(now);
        if (now.is_finished) return finish();
        wait = PERIOD;
      } catch {
        wait = Math.min(wait * 2, SLOWEST);
        find("step").textContent = "서버의 응답을 기다리는 중…";
      }
      return window.setTimeout(poll, wait);
    };
    window.setTimeout(poll, wait);
  };

  for (const box of document.querySelectorAll("[data-longrun]")) {
    if (box.dataset.finished !== "true") follow(box);
  }
})();
