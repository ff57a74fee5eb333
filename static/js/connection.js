// Says so when a change of what is listed does not arrive: offline, or nobody answers. The list stays as it was, and so
// does what was chosen; the same is asked again on request. The words stand in the page.
(() => {
  "use strict";

  const words = document.getElementById("putus");
  const live = document.getElementById("pengumuman");
  if (!words || !live) return;
  let failed = null;
  let place = "";
  let pressed = false;

  const drawn = () => document.querySelectorAll(".putus");

  function again() {
    pressed = true;
    const form = document.getElementById("saring-form");
    const asks = failed?.isConnected ? failed : form;
    if (!asks) location.reload();
    else if (asks.matches("form")) asks.requestSubmit();
    else if (asks.matches("select")) asks.dispatchEvent(new Event("change", { bubbles: true }));
    else asks.click();
  }

  function tell(source) {
    const target = document.querySelector(source.getAttribute("hx-target"));
    if (!source.hasAttribute("hx-push-url") || !target) return;
    failed = source;
    place = target.id;
    if (!drawn().length) {
      target.prepend(words.content.cloneNode(true));
      const sheet = document.querySelector("#saring .sieve__end"); // on phones it lies over the list
      sheet?.prepend(words.content.cloneNode(true));
      sheet?.firstElementChild.classList.add("only-s");
      drawn().forEach((note) => note.querySelector("button").addEventListener("click", again));
    }
    live.textContent = "";
    setTimeout(() => { live.textContent = drawn()[0]?.querySelector("p").textContent || ""; }, 100);
  }

  function forget() {
    drawn().forEach((note) => note.remove());
    if (pressed && document.activeElement === document.body) document.getElementById("h-hasil")?.focus();
    [failed, place, pressed] = [null, "", false];
  }

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) tell(event.detail.ctx.sourceElement);
  });
  // An answer from something in between, which has no words of ours.
  document.addEventListener("htmx:response:error", (event) => {
    const ctx = event.detail.ctx;
    if (ctx.response.status >= 500 && !ctx.text.includes('id="pesan-isi"')) tell(ctx.sourceElement);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const ctx = event.detail.ctx;
    if (place && ctx?.response?.status < 400 && ctx.target?.id === place) forget();
  });
})();
