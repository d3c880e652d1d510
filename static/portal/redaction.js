/* What is drawn over the pictures of the player (player.js): tracks and regions, which of them are covered, and the moments
   to look at. The server keeps every change; what the page shows is what the server answered. */
(function () {
  "use strict";

  const side = document.querySelector("[data-redaction]");
  const root = document.querySelector("[data-player]");
  if (!side || !root) return;
  const work = JSON.parse(document.getElementById("redaction-data").textContent);
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const find = (name) => document.querySelector(`[data-rd-${name}]`);
  const KIND_WORDS = { fixed: "그 자리", moving: "장면마다", followed: "따라감" };
  const TRACK_WORDS = { head: "얼굴", region: "움직임" };

  let player, found, now, canvas, brush, chosen = null, doubt = -1, isDrawing = false, corner = null, draft = null, isSaving = false;

  function say(words) { find("say").textContent = words; }
  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  }
  function button(text, name, act) {
    const made = element("button", name, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  async function asked(address, body) {
    const isForm = body instanceof URLSearchParams;
    const options = { cache: "no-store", credentials: "same-origin", headers: { "X-CSRFToken": token } };
    if (body) Object.assign(options, { method: "POST", body: isForm ? body : JSON.stringify(body) });
    if (body && !isForm) options.headers["Content-Type"] = "application/json";
    try {
      const answer = await fetch(address, options);
      if (answer.redirected) return [401, { say: "로그인이 끝났습니다. 다시 로그인하십시오." }];
      return [answer.status, await answer.json()];
    } catch (error) {
      return [0, { say: "서버에 닿지 못해 저장하지 못했습니다. 다시 하십시오." }];
    }
  }

  /* ---------------------------------------------------------------- frames */

  /* The picture that is shown: of the last file that began by then, the last one before the moment. */
  function frameAt(at) {
    const moments = found.moments;
    let piece = 0, end = 0;
    starts.forEach((start, number) => { if (moments[start][1] <= at + 0.002) piece = number; });
    end = piece + 1 < starts.length ? starts[piece + 1] : moments.length;
    let low = starts[piece], high = end - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (moments[middle][1] <= at + 0.002) low = middle; else high = middle - 1;
    }
    return low;
  }
  let starts = [];
  const timeOf = (frame) => found.moments[Math.min(Math.max(frame, 0), found.moments.length - 1)][1];

  function boxesOf(track, frame) {
    return track.series.map(([first, boxes]) => boxes[frame - first]).filter(Boolean);
  }
  function spanOf(track) {
    return [Math.min(...track.series.map(([first]) => first)), Math.max(...track.series.map(([first, boxes]) => first + boxes.length - 1))];
  }
  function boxOf(region, frame) {
    if (frame < region.from || frame > region.until) return null;
    if (region.kind === "followed") {
      const followed = found.followed[region.code];
      if (followed) return followed.boxes[frame - followed.first] || null;
      return frame === region.keys[0][0] ? region.keys[0][1] : null;
    }
    const after = region.keys.findIndex(([key]) => key >= frame);
    if (after === -1) return region.keys[region.keys.length - 1][1];
    if (after === 0) return region.keys[0][1];
    const [[first, one], [last, other]] = [region.keys[after - 1], region.keys[after]];
    const share = (frame - first) / (last - first);
    return one.map((value, number) => value + (other[number] - value) * share);
  }

  /* ---------------------------------------------------------------- drawing */

  /* Where the picture lies in its view. */
  function place() {
    const video = player.camera.video;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const [wide, high] = [video.videoWidth || found.size[0], video.videoHeight || found.size[1]];
    const scale = Math.min(width / wide, height / high);
    return { left: (width - wide * scale) / 2, top: (height - high * scale) / 2, x: (wide * scale) / found.size[0], y: (high * scale) / found.size[1] };
  }

  function paint() {
    if (!found || player.isOver()) return;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(canvas.clientWidth * ratio)) canvas.width = Math.round(canvas.clientWidth * ratio);
    if (canvas.height !== Math.round(canvas.clientHeight * ratio)) canvas.height = Math.round(canvas.clientHeight * ratio);
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    const at = player.isPlaying() ? player.camera.video.currentTime : player.at();
    document.querySelectorAll(".rd-bar i").forEach((mark) => { mark.style.left = `${(at / player.until) * 100}%`; });
    if (work.isResult || !player.camera.isReady(at)) return;
    const frame = frameAt(at), here = place();
    const draw = ([x, y, width, height], colour, name, isChosen) => {
      const [left, top] = [here.left + x * here.x, here.top + y * here.y];
      brush.lineWidth = isChosen ? 4 : 2;
      brush.strokeStyle = colour;
      brush.strokeRect(left, top, width * here.x, height * here.y);
      brush.font = "bold 14px sans-serif";
      const wide = brush.measureText(name).width + 6;
      brush.fillStyle = colour;
      brush.fillRect(left, Math.max(top - 18, 0), wide, 18);
      brush.fillStyle = "#fff";
      brush.fillText(name, left + 3, Math.max(top - 18, 0) + 14);
    };
    found.tracks.forEach((track) => {
      const isKept = now.choice.keep.includes(track.track);
      boxesOf(track, frame).forEach((box) => draw(box, isKept ? "#1d4f91" : "#b3261e", `${track.track}${isKept ? " 남김" : ""}`, chosen === track.track));
    });
    now.choice.regions.forEach((region, number) => {
      const box = boxOf(region, frame);
      if (box) draw(box, "#7a3e00", `그림 ${number + 1}`, chosen === region.code);
    });
    if (draft) draw(draft, "#7a3e00", "새로 그림", true);
  }

  function picturePoint(event) {
    const here = place(), bounds = canvas.getBoundingClientRect();
    const x = (event.clientX - bounds.left - here.left) / here.x, y = (event.clientY - bounds.top - here.top) / here.y;
    return [Math.min(Math.max(x, 0), found.size[0]), Math.min(Math.max(y, 0), found.size[1])];
  }
  function setDrawing(wanted) {
    isDrawing = wanted && now.mayChoose;
    canvas.classList.toggle("is-drawing", isDrawing);
    const tool = side.querySelector("[data-rd=draw]");
    if (tool) tool.setAttribute("aria-pressed", String(isDrawing));
    if (isDrawing) { player.stop(); say("그림 위에서 끌어 네모를 그립니다. 그만두려면 Esc."); }
  }
  function begin(event) {
    if (!isDrawing) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    corner = picturePoint(event);
  }
  function drag(event) {
    if (!corner) return;
    const [x, y] = picturePoint(event);
    draft = [Math.min(x, corner[0]), Math.min(y, corner[1]), Math.abs(x - corner[0]), Math.abs(y - corner[1])];
  }
  function finish() {
    const box = draft && draft.map((side_) => Math.round(side_ / 2) * 2);
    corner = draft = null;
    if (!box || box[2] < 4 || box[3] < 4) return;
    setDrawing(false);
    place_(box);
  }

  /* A region that is adjusted picture by picture gets another key; else it is a new one. */
  function place_(box) {
    const frame = frameAt(player.at()), choice = copy();
    const adjusted = choice.regions.find((region) => region.code === chosen);
    if (adjusted && adjusted.kind === "moving") {
      adjusted.keys = [...adjusted.keys.filter(([key]) => key !== frame), [frame, box]].sort((one, other) => one[0] - other[0]);
    } else if (adjusted && adjusted.kind === "fixed") {
      adjusted.keys = [[adjusted.keys[0][0], box]];
    } else {
      const kind = find("kind").value;
      const code = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
      chosen = code;
      choice.regions.push({ code, kind, from: 0, until: found.moments.length - 1, keys: [[frame, box]] });
      if (kind === "followed") say("‘그린 곳 따라가기’를 누르면 앞뒤로 따라갑니다.");
    }
    save({ choice });
  }

  /* ---------------------------------------------------------------- what is decided */

  const copy = () => JSON.parse(JSON.stringify(now.choice));

  async function save(change) {
    if (isSaving || !now.mayChoose) return;
    isSaving = true;
    const [status, answer] = await asked(work.choose, { turn: now.turn, ...change });
    isSaving = false;
    if (answer.choice) { now = answer; show(); }
    if (status !== 200) say(answer.say);
    else if (!change.quiet) say("저장했습니다.");
  }
  function toggle(track) {
    const choice = copy();
    choice.keep = choice.keep.includes(track) ? choice.keep.filter((one) => one !== track) : [...choice.keep, track];
    save({ choice });
  }
  function changeRegion(code, change) {
    const choice = copy();
    if (change) Object.assign(choice.regions.find((region) => region.code === code), change);
    else choice.regions = choice.regions.filter((region) => region.code !== code);
    save({ choice });
  }

  function bar(first, last, doubts) {
    const made = element("div", "rd-bar");
    const span = element("span", "");
    span.style.left = `${(timeOf(first) / player.until) * 100}%`;
    span.style.width = `${((timeOf(last) - timeOf(first)) / player.until) * 100}%`;
    made.append(span, element("i", ""));
    made.addEventListener("click", (event) => {
      const bounds = made.getBoundingClientRect();
      player.jump(((event.clientX - bounds.left) / bounds.width) * player.until);
    });
    return made;
  }

  function choose(code, frame) {
    chosen = code;
    if (frame !== undefined) { player.stop(); player.jump(timeOf(frame) + 0.001); }
    show();
  }

  function show() {
    const isKept = (track) => now.choice.keep.includes(track);
    find("count").textContent = `찾은 자취 ${found.tracks.length}개, 남기는 자취 ${now.choice.keep.length}개. ${now.choice.mode === "only" ? "나머지는 화면 전체를 가립니다." : "나머지 자취는 모두 가립니다."}`;
    find("tracks").replaceChildren(...found.tracks.map((track) => {
      const [first, last] = spanOf(track);
      const line = element("li", `${isKept(track.track) ? "is-kept" : ""} ${chosen === track.track ? "is-chosen" : ""}`);
      const kinds = track.kinds.map((kind) => TRACK_WORDS[kind] || kind).join("·");
      line.append(button(`${track.track} ${kinds} ${player.timeOf(timeOf(first))}`, "rd-name", () => choose(track.track, first)), bar(first, last));
      const state = isKept(track.track) ? "남김" : "가림";
      if (now.mayChoose && !work.isResult) {
        const made = button(state, "p-button p-button--small", () => toggle(track.track));
        made.setAttribute("aria-pressed", String(isKept(track.track)));
        made.setAttribute("aria-label", `자취 ${track.track}: ${state}`);
        made.dataset.track = String(track.track);
        line.append(made);
      } else line.append(element("span", "r-small", state));
      return line;
    }));
    find("regions").replaceChildren(...now.choice.regions.map((region, number) => {
      const line = element("li", chosen === region.code ? "is-chosen" : "");
      const words = region.kind === "followed" && !found.followed[region.code] ? "따라가기 전" : KIND_WORDS[region.kind];
      line.append(button(`그림 ${number + 1} ${words}`, "rd-name", () => choose(region.code, region.keys[0][0])), bar(region.from, region.until));
      const tools = element("span", "rd-more");
      if (now.mayChoose && !work.isResult) {
        const here = () => frameAt(player.at());
        tools.append(
          button("여기부터", "p-button p-button--small", () => changeRegion(region.code, { from: Math.min(here(), region.until) })),
          button("여기까지", "p-button p-button--small", () => changeRegion(region.code, { until: Math.max(here(), region.from) })),
          button("지움", "p-button p-button--small", () => changeRegion(region.code)),
        );
      }
      line.append(tools);
      return line;
    }));
    if (!now.choice.regions.length) find("regions").append(element("li", "r-muted", "그린 곳이 없습니다."));
    showDoubts();
    showTools();
  }

  function showDoubts() {
    find("doubts").replaceChildren(...now.doubts.map((one, number) => {
      const isSeen = now.ticked.includes(number);
      const line = element("li", `${isSeen ? "is-seen" : ""} ${doubt === number ? "is-chosen" : ""}`);
      const what = one.region ? "그린 곳" : one.track ? `자취 ${one.track}` : "화면 전체";
      line.append(button(`${player.timeOf(one.at)} ${what}: ${one.why}`, "rd-name", () => look(number)));
      if (isSeen) line.append(element("span", "p-badge p-badge--ok", "봄"));
      else if (now.mayTick) {
        const made = button("본 것으로", "p-button p-button--small", () => tick(number));
        made.setAttribute("aria-label", `${number + 1}번째 확인할 곳을 본 것으로`);
        line.append(made);
      }
      return line;
    }));
    if (!now.doubts.length) find("doubts").append(element("li", "r-muted", "확인할 곳이 없습니다. 처음부터 끝까지 보십시오."));
  }

  function showTools() {
    const tools = find("tools");
    const make = find("make");
    if (make) make.href = `${make.href.split("?")[0]}?turn=${now.turn}`;
    if (!tools) return;
    side.querySelector("[data-rd=undo]").disabled = !now.undo;
    side.querySelector("[data-rd=redo]").disabled = !now.redo;
    find("style").value = now.choice.style;
    find("only").checked = now.choice.mode === "only";
    const region = now.choice.regions.find((one) => one.code === chosen && one.kind !== "followed");
    find("numbers").hidden = !region;
    const box = region && (boxOf(region, frameAt(player.at())) || region.keys[0][1]);
    if (box) ["x", "y", "width", "height"].forEach((name, number) => { find("box").elements[name].value = String(Math.round(box[number])); });
  }

  function look(number) {
    if (!now.doubts.length) return;
    doubt = Math.min(Math.max(number, 0), now.doubts.length - 1);
    const one = now.doubts[doubt];
    if (one.track || one.region) chosen = one.track || one.region;
    player.stop();
    player.jump(one.at + 0.001);
    show();
    const line = find("doubts").children[doubt];
    if (line) line.scrollIntoView({ block: "nearest" });
    say(`확인할 곳 ${doubt + 1}/${now.doubts.length}: ${one.why}`);
  }
  async function tick(number) {
    if (!now.mayTick || number < 0) return;
    const [status, answer] = await asked(work.tick, new URLSearchParams({ doubt: String(number) }));
    if (status !== 200) { say(answer.say); return; }
    now.ticked = [...now.ticked, number];
    say(answer.left ? `확인할 곳이 ${answer.left}군데 남았습니다.` : "확인할 곳을 모두 보았습니다. 영상 전체를 본 뒤에 ‘확인’을 누르십시오.");
    if (answer.left) look(now.doubts.findIndex((_, place_) => place_ > number && !now.ticked.includes(place_)) === -1 ? number : now.doubts.findIndex((_, place_) => place_ > number && !now.ticked.includes(place_)));
    else show();
  }
  function chooseTrack(direction) {
    const order = found.tracks.map((track) => track.track);
    if (!order.length) return;
    const next = Math.min(Math.max(order.indexOf(chosen) + direction, 0), order.length - 1);
    choose(order[next], spanOf(found.tracks[next])[0]);
    find("tracks").children[next].scrollIntoView({ block: "nearest" });
  }

  const DEEDS = {
    undo: () => save({ do: "undo" }), redo: () => save({ do: "redo" }), draw: () => setDrawing(!isDrawing),
    next: () => look(doubt + 1), previous: () => look(doubt - 1),
  };
  const KEYS = {
    n: DEEDS.next, p: DEEDS.previous, d: DEEDS.draw, v: () => tick(doubt), ArrowUp: () => chooseTrack(-1), ArrowDown: () => chooseTrack(1),
    t: () => { if (found.tracks.some((track) => track.track === chosen)) toggle(chosen); }, Escape: () => { corner = draft = null; setDrawing(false); },
  };
  function key(event) {
    const inField = event.target.closest("input:not([type=range]):not([type=checkbox]), select, textarea, [contenteditable]");
    if (player.isOver() || inField || event.altKey || event.metaKey) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    let deed = event.ctrlKey ? { z: DEEDS.undo, y: DEEDS.redo }[name] : KEYS[name];
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  function listen() {
    side.querySelectorAll("[data-rd]").forEach((tool) => tool.addEventListener("click", () => DEEDS[tool.dataset.rd]()));
    document.addEventListener("keydown", key);
    if (!find("tools")) return;
    find("style").addEventListener("change", (event) => save({ choice: { ...copy(), style: event.target.value } }));
    find("only").addEventListener("change", (event) => save({ choice: { ...copy(), mode: event.target.checked ? "only" : "tracks" } }));
    find("box").addEventListener("submit", (event) => {
      event.preventDefault();
      place_(["x", "y", "width", "height"].map((name) => Number(event.target.elements[name].value)));
    });
    canvas.addEventListener("pointerdown", begin);
    canvas.addEventListener("pointermove", drag);
    canvas.addEventListener("pointerup", finish);
  }

  root.addEventListener("player:ready", async () => {
    player = root.player;
    canvas = element("canvas", "rd-canvas");
    canvas.setAttribute("aria-hidden", "true");
    brush = canvas.getContext("2d");
    player.camera.view.append(canvas);
    const [status, answer] = await asked(work.state);
    if (status !== 200) { say(answer.say); return; }
    const { size, moments, tracks, followed, warnings, ...decided } = answer;
    found = { size, moments, tracks, followed };
    now = decided;
    starts = moments.reduce((list, moment, number) => (number === 0 || moments[number - 1][0] !== moment[0] ? [...list, number] : list), []);
    listen();
    show();
    say(warnings.join(" "));
    window.setInterval(paint, 40);
  });
})();
