// Says so when what was typed in a form could not be kept, and keeps it as soon as there is a connection, or a sign-in. The
// form stays as it is meanwhile; leaving it asks first. The words stand in the page.
(() => {
  "use strict";

  const AGAIN = 30000; // ms between two tries: some connections come back without a word
  let lost = false;
  let out = false; // the sign-in has ended; whoever comes back from signing in goes on
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

  const concerns = (ctx) => ctx?.sourceElement?.closest?.("#usulan-form");

  document.addEventListener("htmx:error", (event) => {
    if (concerns(event.detail.ctx)) fail();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const ctx = event.detail.ctx;
    if (!concerns(ctx)) return;
    if (ctx.response.status >= 500) fail();
    else if (ctx.sourceElement.closest("#simpan, [name=aksi]")) [lost, out] = [false, ctx.response.status === 401];
  });
  // What is sent as a page of its own would lead to the browser's page of a lost connection, and the form be gone.
  document.addEventListener("submit", (event) => {
    if (event.target !== form() || event.submitter?.hasAttribute("hx-post") || (navigator.onLine && !lost)) return;
    event.preventDefault();
    fail();
    again();
  });
  addEventListener("online", again);
  addEventListener("focus", again);
  addEventListener("beforeunload", (event) => {
    if (lost) event.preventDefault();
  });
})();
