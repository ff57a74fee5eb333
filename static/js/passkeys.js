// Asks the browser for a passkey and sends what it answers. The form says what is wanted ("create" or "get"), the
// options of the server, and the sentences for what may go wrong; without script its button stays away.
(() => {
  "use strict";

  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const said = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  const wanted = form.dataset.passkey;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function options() {
    const given = JSON.parse(form.dataset.options);
    given.challenge = bytes(given.challenge);
    if (wanted === "create") {
      given.user.id = bytes(given.user.id);
      given.excludeCredentials = known(given.excludeCredentials);
    } else {
      given.allowCredentials = known(given.allowCredentials);
    }
    return { publicKey: given };
  }

  function answer(made) {
    const from = made.response;
    const response = { clientDataJSON: text(from.clientDataJSON) };
    if (wanted === "create") {
      response.attestationObject = text(from.attestationObject);
      response.transports = from.getTransports ? from.getTransports() : [];
    } else {
      response.authenticatorData = text(from.authenticatorData);
      response.signature = text(from.signature);
      if (from.userHandle) response.userHandle = text(from.userHandle);
    }
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
  }

  async function ask() {
    said.textContent = form.dataset.waiting;
    button.disabled = true;
    try {
      form.elements.credential.value = answer(await navigator.credentials[wanted](options()));
      form.submit();
    } catch (error) {
      said.textContent = error.name === "InvalidStateError" ? form.dataset.known
        : error.name === "SecurityError" ? form.dataset.unsupported : form.dataset.cancelled;
      button.disabled = false;
    }
  }

  if (!window.PublicKeyCredential || !navigator.credentials) {
    said.textContent = form.dataset.unsupported;
    return;
  }
  button.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  ask();
})();
