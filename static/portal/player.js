/* The player of a case's footage: parts that the server gives for a live grant, put together by Media Source Extensions.
   All times are seconds from `data.origin`. The clock is that of the pictures; cameras side by side follow the first one
   that has a picture. Nothing is kept: what was played is dropped from memory, and all of it when the grant ends. */
(function () {
  "use strict";

  const root = document.querySelector("[data-player]");
  if (!root) return;
  const data = JSON.parse(document.getElementById("look-data").textContent);
  const find = (name) => document.querySelector(`[data-${name}]`);
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  /* How much lies ready beyond what is shown, and how much stays behind it. */
  const AHEAD = 16, BEHIND = 20;
  /* Files that follow each other within this are one recording: recorders cut them a little early or late. */
  const SEAM = 1.5;
  const RATES = Array.from(find("rate").options, (option) => Number(option.value));

  const two = (number) => String(number).padStart(2, "0");
  const FORMAT = new Intl.DateTimeFormat("ko-KR", {
    timeZone: "Asia/Seoul", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  function partsOf(seconds) {
    const found = {};
    FORMAT.formatToParts(new Date(data.origin + seconds * 1000)).forEach((part) => { found[part.type] = part.value; });
    return found;
  }
  function clock(seconds) {
    const at = partsOf(seconds);
    return `${at.year}-${at.month}-${at.day} ${at.hour}:${at.minute}:${at.second}`;
  }
  function timeOf(seconds) {
    const at = partsOf(seconds);
    return `${at.hour}:${at.minute}:${at.second}`;
  }
  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  }
  const wait = (milliseconds) => new Promise((resolve) => window.setTimeout(resolve, milliseconds));

  class Camera {
    constructor(facts) {
      this.facts = facts;
      /* Where each file stands on the time line; files that cannot be played are none. */
      this.files = facts.files.filter((file) => !file.gone).map((file) => ({ ...file, start: file.from, end: file.until, isBad: Boolean(file.problem) }));
      this.frames = [];
      this.steps = 0;
      this.next = { file: 0, from: 0 };
      this.turn = 0;
      this.isPreparing = false;
      this.build();
    }

    build() {
      this.view = element("figure", "pl-view is-empty");
      this.video = document.createElement("video");
      this.video.muted = true;
      this.video.playsInline = true;
      this.video.disablePictureInPicture = true;
      this.video.disableRemotePlayback = true;
      this.video.preload = "auto";
      this.video.setAttribute("aria-label", `카메라 ${this.facts.number}의 영상`);
      this.video.addEventListener("contextmenu", (event) => event.preventDefault());
      this.mark = element("figcaption", "pl-mark");
      this.none = element("div", "pl-none", "불러오는 중");
      this.view.append(this.video, element("div", "pl-across", data.mark), this.none, this.mark, element("div", "pl-name", `${this.facts.number} ${this.facts.place}`));
    }

    async open() {
      this.source = new MediaSource();
      this.address = URL.createObjectURL(this.source);
      this.video.src = this.address;
      await new Promise((resolve) => this.source.addEventListener("sourceopen", resolve, { once: true }));
      this.source.duration = data.until + 3600;
    }

    /* Nothing of it stays in the browser. */
    drop() {
      this.turn += 1;
      if (this.asking) this.asking.abort();
      this.video.pause();
      this.video.removeAttribute("src");
      this.video.load();
      URL.revokeObjectURL(this.address);
      this.view.classList.add("is-empty");
    }

    /* The end of what lies ready from a moment on; the moment itself where nothing does. */
    readyUntil(at) {
      const ranges = this.video.buffered;
      let end = at;
      for (let number = 0; number < ranges.length; number += 1) {
        if (ranges.start(number) <= end + 0.25 && ranges.end(number) > end) end = ranges.end(number);
      }
      return end;
    }

    isReady(at) { return this.readyUntil(at) > at + 0.02; }

    fileAt(at) { return this.files.find((file) => file.start <= at && at < file.end && !file.isBad); }

    /* Footage that is there and will come, unless a worker is still at it. */
    isAwaited(at) { return !this.isReady(at) && !this.isPreparing && Boolean(this.fileAt(at)) && this.inRange(at); }

    inRange(at) { return this.facts.from <= at && at < this.facts.until; }

    nextStart(at) {
      const starts = this.files.filter((file) => file.start > at && !file.isBad && file.start < this.facts.until).map((file) => Math.max(file.start, this.facts.from));
      return starts.length ? Math.min(...starts) : Infinity;
    }

    /* Where to go on asking: behind what lies ready. */
    aim(at) {
      this.turn += 1;
      if (this.asking) this.asking.abort();
      this.asking = null;
      this.isPreparing = false;
      const from = Math.max(this.readyUntil(at), this.facts.from);
      let number = this.files.findIndex((file) => file.start <= from && from < file.end - 0.01 && !file.isBad);
      if (number < 0) number = this.files.findIndex((file) => file.start > from && !file.isBad);
      this.next = { file: number < 0 ? this.files.length : number, from: number < 0 ? 0 : Math.max(from - this.files[number].start, 0) };
    }

    nextAt() {
      const file = this.files[this.next.file];
      return file ? file.start + this.next.from : Infinity;
    }

    onward() {
      const before = this.files[this.next.file];
      let number = this.next.file + 1;
      /* Two recorders may have kept the same minutes: once is enough. */
      while (this.files[number] && before && !before.isBad && this.files[number].until <= before.end) number += 1;
      this.next = { file: number, from: 0 };
      const file = this.files[this.next.file];
      if (file && before && Math.abs(file.from - before.end) < SEAM && !before.isBad) {
        file.end += before.end - file.start;
        file.start = before.end;
      }
    }

    /* One part at a time, while less than enough lies ready. */
    async fill(at, ahead) {
      const file = this.files[this.next.file];
      if (this.asking || !file || this.nextAt() > at + ahead || this.nextAt() >= this.facts.until) return;
      if (file.isBad) { this.onward(); return; }
      const turn = this.turn;
      this.asking = new AbortController();
      try {
        const address = `${this.facts.part}?file=${file.key}&from=${this.next.from.toFixed(3)}`;
        const answer = await fetch(address, { headers: { "X-Background": "1" }, cache: "no-store", credentials: "same-origin", signal: this.asking.signal });
        await this.take(answer, file, turn, at);
      } catch (error) {
        if (error.name !== "AbortError") { say("서버에 닿지 못했습니다. 잠시 뒤에 다시 시도합니다."); await wait(2000); }
      }
      if (turn === this.turn) this.asking = null;
    }

    async take(answer, file, turn, at) {
      if (answer.redirected) { over("로그인이 끝났습니다. 다시 로그인하십시오."); return; }
      if (answer.status === 200) {
        const content = new Uint8Array(await answer.arrayBuffer());
        if (turn === this.turn) await this.put(content, file, turn, at);
        return;
      }
      const said = await answer.json();
      if (turn !== this.turn) return;
      if (answer.status === 202) {
        this.isPreparing = true;
        this.preparing = said.percent;
        await wait(1500);
      } else if (answer.status === 422) {
        this.isPreparing = false;
        if (said.until !== null && said.until !== undefined) this.next.from = said.until;
        else if (said.say) { file.isBad = true; file.problem = said.say; drawBands(); this.onward(); }
        else { file.end = Math.min(file.end, file.start + this.next.from); this.onward(); }
      } else if (answer.status === 503) await wait(1000);
      else over(said.say || said.error);
    }

    async put(content, file, turn, at) {
      const line = content.indexOf(10);
      const head = JSON.parse(new TextDecoder().decode(content.subarray(0, line)));
      const type = `video/mp4; codecs="${head.codecs}"`;
      if (!MediaSource.isTypeSupported(type)) {
        file.isBad = true;
        file.problem = "이 브라우저가 재생하지 못하는 영상입니다. 크롬이나 엣지를 쓰십시오.";
        drawBands();
        this.onward();
        return;
      }
      if (!this.buffer) this.buffer = this.source.addSourceBuffer(type);
      else if (this.type !== type) this.buffer.changeType(type);
      this.type = type;
      await this.clean(at);
      if (turn !== this.turn) return;
      this.buffer.timestampOffset = file.start + head.from;
      this.buffer.appendBuffer(content.subarray(line + 1));
      await this.settled();
      const times = head.frames.map((time) => file.start + time);
      this.frames = [...new Set([...this.frames.filter((time) => time > at - 120 && time < at + 120), ...times])].sort((a, b) => a - b);
      this.isPreparing = false;
      this.next.from = Math.max(head.until, this.next.from + 0.01);
      if (head.is_last) { file.end = Math.min(file.start + head.until, this.facts.until + SEAM); this.onward(); }
    }

    settled() {
      return this.buffer.updating ? new Promise((resolve) => this.buffer.addEventListener("updateend", resolve, { once: true })) : Promise.resolve();
    }

    /* What was shown goes; so does what lies far ahead after a jump. */
    async clean(at) {
      await this.settled();
      const ranges = this.video.buffered;
      for (let number = ranges.length - 1; number >= 0; number -= 1) {
        const [start, end] = [ranges.start(number), ranges.end(number)];
        if (start < at - BEHIND) { this.buffer.remove(start, Math.min(end, at - BEHIND)); await this.settled(); }
        else if (start > at + 4 * AHEAD) { this.buffer.remove(start, end); await this.settled(); }
      }
    }

    show(at, isPlaying, rate, isLead) {
      const isThere = this.isReady(at);
      this.view.classList.toggle("is-empty", !isThere);
      this.none.hidden = isThere;
      this.none.textContent = isThere ? "" : this.why(at);
      this.mark.textContent = `${data.mark} · ${clock(at)}`;
      if (!isThere || !isPlaying) {
        if (!this.video.paused) this.video.pause();
        if (isThere && Math.abs(this.video.currentTime - at) > 0.001) this.video.currentTime = at;
        return;
      }
      if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
      if (!isLead && Math.abs(this.video.currentTime - at) > 0.12 + 0.1 * rate) this.video.currentTime = at;
      if (this.video.paused) {
        if (Math.abs(this.video.currentTime - at) > 0.02) this.video.currentTime = at;
        this.video.play().catch(() => {});
      }
    }

    why(at) {
      if (!this.inRange(at)) return "허가받은 구간이 아닙니다.";
      if (this.isPreparing) return `재생할 수 있게 바꾸는 중입니다${this.preparing === null || this.preparing === undefined ? "" : ` (${this.preparing}%)`}.`;
      if (this.fileAt(at)) return "불러오는 중";
      const bad = this.files.find((file) => file.isBad && file.start <= at && at < file.end);
      if (bad) return bad.problem;
      if (within(this.facts.files.filter((file) => file.gone).map((file) => [file.from, file.until]), at)) return "보관하던 사본을 파기한 시간입니다.";
      return within(this.facts.destroyed, at) ? "보관기간이 지나 파기한 시간입니다." : "이 시각의 영상이 없습니다.";
    }
  }

  const within = (spans, at) => spans.some(([start, end]) => start <= at && at < end);
  const cameras = data.cameras.map((facts) => new Camera(facts));
  const seek = find("seek"), views = find("views"), bands = find("bands");
  let now = 0, isPlaying = false, rate = 1, isOver = false, toldSteps = "", telling = 0, endsAt = performance.now() + data.left * 1000;

  function say(words) { if (find("say").textContent !== words) find("say").textContent = words; }

  function over(why) {
    if (isOver) return;
    isOver = true;
    isPlaying = false;
    tell();
    cameras.forEach((camera) => camera.drop());
    root.hidden = true;
    find("over").hidden = false;
    find("over-why").textContent = why;
    find("again").hidden = false;
    if (document.fullscreenElement) document.exitFullscreen();
    find("again").querySelector("button").focus();
  }

  function setPlaying(wanted) {
    isPlaying = wanted;
    root.querySelector("[data-do=play]").textContent = wanted ? "멈춤" : "재생";
  }

  function jump(at) {
    now = Math.min(Math.max(at, 0), data.until - 0.05);
    say("");
    cameras.forEach((camera) => {
      /* What lies ready and what is asked for next belong together: then there is nothing to ask anew. */
      const isJoined = camera.isReady(now) && Math.abs(camera.readyUntil(now) - camera.nextAt()) < 0.5;
      if (!isJoined) camera.aim(now);
      if (camera.isReady(now)) camera.video.currentTime = now;
    });
    tick();
  }

  function step(direction) {
    setPlaying(false);
    const lead = cameras.find((camera) => camera.isReady(now)) || cameras[0];
    /* From the frame that is shown, wherever in it we stand: a step is always another picture. */
    const shown = lead.frames.findLastIndex((time) => time <= now + 0.001);
    const target = lead.frames[shown + direction];
    cameras.forEach((camera) => { if (camera.isReady(now)) camera.steps += 1; });
    /* A little into the frame, so that rounding does not show the one before. */
    const to = target === undefined ? now + direction * 0.04 : target + 0.002;
    jump(to);
    window.clearTimeout(telling);
    telling = window.setTimeout(tell, 1000);
  }

  function tick() {
    if (isOver) return;
    const left = (endsAt - performance.now()) / 1000;
    if (left <= 0) { over("재생 허가 시간이 끝났습니다. 더 보아야 하면 ‘이어서 보기’를 누르십시오."); return; }
    find("left").textContent = `재생 허가가 ${Math.floor(left / 60)}분 ${two(Math.floor(left % 60))}초 남았습니다.`;
    const ready = cameras.filter((camera) => camera.isReady(now));
    const isWaiting = cameras.some((camera) => camera.isAwaited(now));
    const lead = ready[0];
    if (isPlaying && lead && !isWaiting && !lead.video.paused && !lead.video.seeking) now = Math.max(now, Math.min(lead.video.currentTime, data.until));
    if (isPlaying && now >= data.until - 0.05) { setPlaying(false); say("구간의 끝입니다."); }
    if (isPlaying && !ready.length && !isWaiting) goOver();
    cameras.forEach((camera) => {
      camera.show(now, isPlaying && !isWaiting, rate, camera === lead);
      camera.fill(now, AHEAD * Math.max(1, rate / 2));
    });
    if (document.activeElement !== seek || isPlaying) seek.value = String(Math.floor(now));
    seek.setAttribute("aria-valuetext", clock(now));
    bands.querySelectorAll(".pl-now").forEach((mark) => { mark.style.left = `${(now / data.until) * 100}%`; });
  }

  /* No camera has a picture here: on to where the first one begins again. */
  function goOver() {
    if (cameras.some((camera) => camera.isPreparing)) return;
    const next = Math.min(...cameras.map((camera) => camera.nextStart(now)));
    if (next < data.until) {
      jump(next + 0.001);
      say(`영상이 없는 시간을 건너뛰었습니다. ${clock(next)}부터 이어집니다.`);
    } else { setPlaying(false); say("이 뒤에는 영상이 없습니다."); }
  }

  function setRate(value) {
    rate = value;
    find("rate").value = String(value);
    cameras.forEach((camera) => { camera.video.playbackRate = value; });
  }

  function faster(by) { setRate(RATES[Math.min(Math.max(RATES.indexOf(rate) + by, 0), RATES.length - 1)]); }

  /* hh:mm:ss on the day that is shown, or on the next one where the range goes on past midnight. */
  function jumpTo(text) {
    const found = /^(\d{1,2})[:시 ]?(\d{2})?[:분 ]?(\d{2})?초?$/.exec(text.trim());
    if (!found) { say("시각은 13:05:30과 같이 적습니다."); return; }
    const wanted = Number(found[1]) * 3600 + Number(found[2] || 0) * 60 + Number(found[3] || 0);
    const first = partsOf(0);
    const base = wanted - (Number(first.hour) * 3600 + Number(first.minute) * 60 + Number(first.second));
    const days = Math.max(0, Math.ceil((data.until - base) / 86400));
    const places = Array.from({ length: days + 1 }, (_, day) => base + day * 86400).filter((at) => at >= 0 && at < data.until);
    if (!places.length) { say(`${text.trim()}은 허가받은 구간 밖입니다.`); return; }
    jump(places.reduce((best, at) => (Math.abs(at - now) < Math.abs(best - now) ? at : best)));
  }

  function tell() {
    const steps = JSON.stringify(Object.fromEntries(cameras.map((camera) => [camera.facts.look, camera.steps])));
    if (steps === toldSteps) return;
    toldSteps = steps;
    fetch(data.tell, {
      method: "POST", keepalive: true, credentials: "same-origin",
      headers: { "X-CSRFToken": token, "X-Background": "1", "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ steps }),
    }).catch(() => {});
  }

  function drawBands() {
    const holes = find("holes");
    holes.replaceChildren();
    bands.replaceChildren(...cameras.map((camera) => {
      const band = element("div", "pl-band");
      const put = (start, end, name) => {
        const span = element("span", name);
        span.style.left = `${(Math.max(start, 0) / data.until) * 100}%`;
        span.style.width = `${((Math.min(end, data.until) - Math.max(start, 0)) / data.until) * 100}%`;
        band.append(span);
      };
      camera.facts.destroyed.forEach(([start, end]) => put(start, end, "pl-is-gone"));
      camera.facts.files.filter((file) => file.gone).forEach((file) => put(file.from, file.until, "pl-is-gone"));
      camera.files.forEach((file) => put(file.from, file.until, file.isBad ? "pl-is-bad" : "pl-is-there"));
      camera.facts.asked.forEach(([start, end]) => put(start, end, "pl-is-asked"));
      put(0, 0, "pl-now");
      listHoles(camera, holes);
      return band;
    }));
    if (!holes.children.length) holes.append(element("li", "", "허가받은 구간에 빈 시간이 없습니다."));
  }

  function listHoles(camera, list) {
    let at = camera.facts.from;
    const told = (start, end, words) => list.append(element("li", "", `${camera.facts.number}: ${clock(start)} ~ ${timeOf(end)} ${words}`));
    camera.files.forEach((file) => {
      if (file.from > at + SEAM) told(at, file.from, camera.why(at));
      if (file.isBad) told(file.from, file.until, file.problem);
      at = Math.max(at, file.until);
    });
    if (camera.facts.until > at + SEAM) told(at, camera.facts.until, camera.why(at));
  }

  const DEEDS = {
    play: () => setPlaying(!isPlaying),
    back: () => jump(now - 5),
    forth: () => jump(now + 5),
    before: () => step(-1),
    after: () => step(1),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : views.requestFullscreen()),
  };
  const KEYS = {
    " ": DEEDS.play, k: DEEDS.play, ",": DEEDS.before, ".": DEEDS.after, f: DEEDS.full,
    "[": () => faster(-1), "]": () => faster(1),
    Home: () => jump(Math.min(...cameras.map((camera) => camera.facts.from))), End: () => jump(data.until - 1),
    "?": () => { find("help").open = !find("help").open; },
  };

  document.addEventListener("keydown", (event) => {
    const inField = event.target.closest("input:not([type=range]), select, textarea, button, summary, a, [contenteditable]");
    if (isOver || event.ctrlKey || event.altKey || event.metaKey || (inField && event.key !== "Escape")) return;
    let deed = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (event.key === "ArrowLeft") deed = () => jump(now - (event.shiftKey ? 60 : 5));
    if (event.key === "ArrowRight") deed = () => jump(now + (event.shiftKey ? 60 : 5));
    if (!deed) return;
    event.preventDefault();
    deed();
  });
  root.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", () => { DEEDS[button.dataset.do](); }));
  find("rate").addEventListener("change", (event) => setRate(Number(event.target.value)));
  find("time").placeholder = timeOf(0);
  find("jump").addEventListener("submit", (event) => { event.preventDefault(); jumpTo(find("time").value); });
  seek.addEventListener("input", () => jump(Number(seek.value)));
  find("still").addEventListener("submit", (event) => {
    const camera = cameras[Number(find("still-camera").value)];
    const file = camera.fileAt(now);
    if (!file || !camera.isReady(now)) { event.preventDefault(); say("그 카메라에는 지금 보이는 장면이 없습니다."); return; }
    setPlaying(false);
    event.target.action = camera.facts.still;
    event.target.elements.file.value = file.key;
    event.target.elements.at.value = (now - file.start).toFixed(3);
  });
  find("close").addEventListener("submit", tell);
  window.addEventListener("pagehide", tell);

  async function begin() {
    if (!("MediaSource" in window)) { over("이 브라우저로는 영상을 재생할 수 없습니다. 크롬이나 엣지를 쓰십시오."); return; }
    views.classList.toggle("is-many", cameras.length > 1);
    views.append(...cameras.map((camera) => camera.view));
    find("still-camera").append(...cameras.map((camera, number) => new Option(camera.facts.number, String(number))));
    seek.max = String(Math.floor(data.until));
    root.hidden = false;
    drawBands();
    await Promise.all(cameras.map((camera) => camera.open()));
    const asked = cameras.flatMap((camera) => camera.facts.asked.map(([start]) => Math.max(start, camera.facts.from)));
    const first = Math.max(Math.min(...asked, ...(asked.length ? [] : [0])), 0);
    const starts = cameras.map((camera) => (camera.fileAt(first) ? first : camera.nextStart(first)));
    jump(Math.min(...starts, data.until - 0.1) + 0.001);
    if (cameras.every((camera) => !camera.files.length)) say("허가받은 구간에 보관한 영상이 없습니다. ‘영상이 없는 시간’에 까닭이 있습니다.");
    window.setInterval(tick, 100);
    /* For what is drawn over the pictures (redaction.js). */
    root.player = { camera: cameras[0], jump, say, clock, timeOf, until: data.until, at: () => now, isOver: () => isOver, isPlaying: () => isPlaying, stop: () => setPlaying(false) };
    root.dispatchEvent(new Event("player:ready"));
  }
  begin();
})();
