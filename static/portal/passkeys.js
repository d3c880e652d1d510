/* 패스키: asks the browser's keys the server's question and sends the answer with the form around the button. */
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));
  const REFUSED = "패스키 확인을 마치지 못했습니다. 다시 누르거나 다른 방법을 쓰십시오.";
  const KNOWN = "이 기기나 보안 키는 이미 등록했습니다.";
  const BUSY = "이 주소에서 패스키를 너무 여러 번 물었습니다. 잠시 뒤에 다시 하거나 비밀번호로 로그인하십시오.";
  const STALE = "화면을 연 지 오래되었습니다. 새로 고치고 다시 하십시오.";

  async function question(box, form) {
    const answer = await fetch(box.dataset.passkeyOptions, {
      method: "POST",
      body: new URLSearchParams({ for: box.dataset.passkey }),
      credentials: "same-origin",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    });
    if (answer.status === 429) throw new Error(BUSY);
    if (!answer.ok) throw new Error(STALE);
    const options = await answer.json();
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    if (options.excludeCredentials) options.excludeCredentials = named(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = named(options.allowCredentials);
    return options;
  }

  function said(credential) {
    const { response } = credential;
    const found = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (response[name]) found[name] = text(response[name]);
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: found, clientExtensionResults: {} });
  }

  async function ask(box) {
    const form = box.closest("form");
    const publicKey = await question(box, form);
    const credential =
      box.dataset.passkey === "register" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
    form.elements[box.dataset.passkeyInput].value = said(credential);
    form.submit();
  }

  function offer(box) {
    const [button, words] = [box.querySelector("button"), box.querySelector("[role=alert]")];
    const form = box.closest("form");
    box.hidden = false;
    button.addEventListener("click", () => {
      words.hidden = true;
      if (box.dataset.passkey === "register" && !form.reportValidity()) return;
      button.disabled = true;
      ask(box).catch((error) => {
        button.disabled = false;
        words.textContent = [STALE, BUSY].includes(error.message) ? error.message : error.name === "InvalidStateError" ? KNOWN : REFUSED;
        words.hidden = false;
      });
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const boxes = document.querySelectorAll("[data-passkey]");
    if (window.PublicKeyCredential) boxes.forEach(offer);
    else document.querySelectorAll("[data-passkey-missing]").forEach((words) => { words.hidden = false; });
  });
})();
