/* Forms of the portal: what is typed is kept while one writes, comes back, and is not left by accident. */
(() => {
  "use strict";
  const QUIET = 3000;
  const LEFT_OUT = (name) => name === "csrfmiddlewaretoken" || name.startsWith("_kept:") || name.startsWith("_dropped:");
  let isSending = false;
  const changed = new Set();

  const forms = () =>
    Array.from(document.querySelectorAll(".p-body form[method=post]")).filter((form) => form.elements._opened && form.querySelector("[data-draft-url]"));

  /* What the form would send, without files and secrets. */
  function typed(form) {
    const data = new FormData(form);
    for (const name of new Set(data.keys())) {
      const input = form.elements[name];
      if (name === "csrfmiddlewaretoken" || name.startsWith("_kept:") || input?.type === "password" || input?.type === "file") data.delete(name);
    }
    return new URLSearchParams(data);
  }

  function post(form, body, isLeaving) {
    return fetch(form.querySelector("[data-draft-url]").dataset.draftUrl, {
      method: "POST",
      body,
      credentials: "same-origin",
      keepalive: Boolean(isLeaving),
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    });
  }

  function watch(form) {
    const state = form.querySelector("[data-draft-state]");
    let waiting = 0;
    const tell = (words) => { state.hidden = !words; state.textContent = words; };
    const save = (isLeaving) => {
      window.clearTimeout(waiting);
      waiting = 0;
      if (isSending || form.querySelector("input[type=password]")) return;
      post(form, typed(form), isLeaving)
        .then((answer) => {
          if (answer.status === 204) tell("적은 내용을 임시로 보관했습니다 (" + new Date().toTimeString().slice(0, 5) + ").");
          else if (answer.status === 401) tell("접속이 끝났습니다. 적은 내용은 보관했습니다. 보내면 로그인 화면으로 갑니다.");
          else tell("적은 내용을 보관하지 못했습니다. 보내기 전에는 이 화면을 닫지 마십시오.");
        })
        .catch(() => tell("연결이 끊겨 보관하지 못했습니다. 이 화면을 닫지 마십시오."));
    };
    const note = () => {
      changed.add(form);
      window.clearTimeout(waiting);
      waiting = window.setTimeout(save, QUIET);
    };
    form.addEventListener("input", note);
    form.addEventListener("change", note);
    form.addEventListener("submit", () => {
      isSending = true;
      window.clearTimeout(waiting);
      /* A document that is handed out leaves the form where it is. */
      window.setTimeout(() => { isSending = false; }, 20000);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && waiting) save(true);
    });
  }

  /* An act that was not prevented by a question leads on without another one. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) isSending = false; });
  document.addEventListener("submit", (event) => { if (event.defaultPrevented) isSending = false; });
  window.addEventListener("beforeunload", (event) => {
    if (changed.size && !isSending) event.preventDefault();
  });

  function put(form, name, values) {
    const inputs = Array.from(form.elements).filter((input) => input.name === name);
    inputs.forEach((input, position) => {
      if (input.type === "file" || input.type === "password" || input.type === "submit") return;
      if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
      else if (input.multiple) Array.from(input.options).forEach((option) => { option.selected = values.includes(option.value); });
      else input.value = values[inputs.length > 1 ? position : 0] ?? input.value;
    });
    inputs[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* The draft belongs to the form that has most of its fields. */
  function restore(draft) {
    const fits = (form) => draft.values.filter(([name]) => form.elements[name]).length;
    const form = forms().sort((one, other) => fits(other) - fits(one))[0];
    if (!form) return;
    const names = new Set(draft.values.map(([name]) => name));
    /* A box that was not ticked is not sent at all. */
    form.querySelectorAll("input[type=checkbox]").forEach((box) => { if (!names.has(box.name) && !LEFT_OUT(box.name)) box.checked = false; });
    draft.values.forEach(([name, values]) => put(form, name, values));
    changed.add(form);
  }

  function offer(box) {
    const draft = JSON.parse(document.getElementById("form-draft").textContent);
    const form = forms()[0];
    if (!form) return;
    box.hidden = false;
    const [take, discard] = ["[data-draft-take]", "[data-draft-discard]"].map((name) => box.querySelector(name));
    take.addEventListener("click", () => {
      restore(draft);
      take.hidden = true;
      box.querySelector("[data-draft-words]").textContent = "적던 내용을 되살렸습니다. 확인하고 보내십시오." + (form.querySelector("input[type=file]") ? " 파일은 다시 고르십시오." : "");
    });
    discard.addEventListener("click", () => {
      const body = new URLSearchParams({ _opened: form.elements._opened.value, _discard: "1" });
      post(form, body).then(() => { changed.clear(); window.location.reload(); });
    });
    if (draft.isUnsent) take.click();
  }

  /* Both changed one field: the person takes either value. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    const input = document.getElementById(button.dataset.take);
    const box = input?.form ?? button.form;
    if (!box) return;
    const name = input ? input.name : button.dataset.take.replace(/^id_/, "");
    put(box, name, [button.dataset.value]);
    button.closest("tr").querySelectorAll("[data-take]").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
  });

  document.addEventListener("DOMContentLoaded", () => {
    forms().forEach(watch);
    document.querySelectorAll("[data-draft]").forEach(offer);
  });
})();
