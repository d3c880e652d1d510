/* 파일의 확인: the file is read here, in the browser; its SHA-256 alone is sent, and what the ledger says of it is shown. */
(function () {
  "use strict";
  const box = document.getElementById("check");
  if (!box || !window.crypto || !window.crypto.subtle) return;
  const input = document.getElementById("check-file");
  const result = document.getElementById("check-result");
  const words = box.dataset;
  let turn = 0;
  box.hidden = false;

  function show(kind, lines) {
    result.className = "site-check__result" + (kind ? " is-" + kind : "");
    result.replaceChildren(
      ...lines.map((line) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = line;
        return paragraph;
      }),
    );
  }

  async function digest(file) {
    const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function ask(value) {
    const answer = await fetch(words.url.replace(/0\.json$/, value + ".json"), { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function check(file) {
    const mine = ++turn;
    const named = words.file + ": " + file.name;
    show("", [words.reading]);
    let value;
    try {
      value = await digest(file);
    } catch {
      if (mine === turn) show("missing", [words.large, named]);
      return;
    }
    let said;
    try {
      said = await ask(value);
    } catch {
      if (mine === turn) show("", [words.failed, named, "SHA-256: " + value]);
      return;
    }
    if (mine !== turn) return;
    if (!said.is_found) return show("missing", [words.missing, named, "SHA-256: " + value]);
    const lines = [words.found, said.what, named, words.day + ": " + said.on + " · " + words.entry + ": " + said.entry];
    if (!said.is_sealed) lines.push(words.unsealed);
    show("found", [...lines, "SHA-256: " + value]);
  }

  input.addEventListener("change", () => input.files.length && check(input.files[0]));
  ["dragover", "drop"].forEach((name) => window.addEventListener(name, (event) => event.preventDefault()));
  box.addEventListener("dragover", () => box.classList.add("is-over"));
  box.addEventListener("dragleave", () => box.classList.remove("is-over"));
  window.addEventListener("drop", (event) => {
    box.classList.remove("is-over");
    if (event.dataTransfer && event.dataTransfer.files.length) check(event.dataTransfer.files[0]);
  });
})();
