// Says so when what was typed in a form could not be kept, and keeps it as soon as there is a connection, or a sign-in. The
// form stays as it is meanwhile; leaving it asks first. The words stand in the page.
(() => {
  "use strict";

  const AGAIN = 30000; // ms between two tries: some connections come back without a word
  let lost = false;
  let out = false; // the sign-in has ended; whoever comes back from signing in goes on
  let held = false; // a press was held back; the next one goes
  let timer = 0;

  const form = () => document.getElementById("usulan-form");
  const place = () => document.getElementById("simpan");

  function again() {
    if (lost || out) form()?.dispatchEvent(new Event("change")); // the form keeps itself after every change
  }

  function fail() {
    const told = place();
    if (!told) return;
    lost = true;
    if (told.textContent !== told.dataset.lost) told.textContent = told.dataset.lost;
    clearTimeout(timer);
    timer = setTimeout(again, AGAIN);
  }

  const keeps = (ctx) => ctx?.sourceElement?.closest?.("#simpan, [name=aksi]"); // of the form's many requests

  document.addEventListener("htmx:error", (event) => {
    if (keeps(event.detail.ctx)) fail();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = event.detail.ctx;
    if (!keeps(ctx)) return;
    if (ctx.response.status >= 500) fail();
    else [lost, held, out] = [false, false, ctx.response.status === 401];
  });
  // What is sent as a page of its own could lead to the browser's page of a lost connection: keeping it is tried first.
  document.addEventListener("submit", (event) => {
    if (event.target !== form() || event.submitter?.hasAttribute("hx-post") || !lost) return;
    if (held) {
      lost = false; // whoever presses again means it, and is not asked about leaving
      return;
    }
    held = true;
    event.preventDefault();
    again();
  });
  addEventListener("online", again);
  addEventListener("focus", again);
  addEventListener("beforeunload", (event) => {
    if (lost) event.preventDefault();
  });
})();
