// Says so when a change of what is listed does not arrive: offline, or nobody answers. What is shown stays as it was,
// and so does what was chosen; the same is asked again on request. The words stand in the page.
(() => {
  "use strict";

  const SEEN = 400; // ms: so long a press is seen to have done something, however soon it fails
  const words = document.getElementById("putus");
  const live = document.getElementById("pengumuman");
  if (!words || !live) return;
  let failed = null;
  let place = "";
  let pressed = false;
  let waiting = false;

  const drawn = () => document.querySelectorAll(".putus");

  function say(text) {
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 100);
  }

  // While an answer is awaited the button is not to be pressed; it keeps the focus.
  function wait(on) {
    waiting = on;
    drawn().forEach((note) => note.querySelector("button").setAttribute("aria-disabled", on));
  }

  function told(still) {
    const texts = [...document.querySelectorAll(".putus [data-still]")];
    texts.forEach((text) => { text.textContent = still ? text.dataset.still : ""; });
    if (still && texts.length) say(texts[0].dataset.still);
  }

  function again() {
    if (waiting) return;
    pressed = true;
    told(false);
    wait(true);
    const form = document.getElementById("saring-form");
    const asks = failed?.isConnected ? failed : form;
    if (!asks) fetch(location.href, { method: "HEAD" }).then(() => location.reload(), () => later(true));
    else if (asks.matches("form")) asks.requestSubmit();
    else if (asks.matches("select")) asks.dispatchEvent(new Event("change", { bubbles: true }));
    else asks.click();
  }

  function later(still) {
    setTimeout(() => {
      wait(false);
      if (still) told(true);
    }, SEEN);
  }

  function tell(source) {
    const target = document.querySelector(source.getAttribute("hx-target"));
    if (!source.hasAttribute("hx-push-url") || !target) return;
    failed = source;
    place = target.id;
    if (waiting) return later(true);
    if (!drawn().length) {
      target.prepend(words.content.cloneNode(true));
      const sheet = document.querySelector("#saring .sieve__end"); // on phones it lies over the list
      sheet?.prepend(words.content.cloneNode(true));
      sheet?.firstElementChild.classList.add("only-s");
      drawn().forEach((note) => note.querySelector("button").addEventListener("click", again));
    }
    say(drawn()[0]?.querySelector("p").textContent || "");
  }

  function forget() {
    drawn().forEach((note) => note.remove());
    if (pressed && document.activeElement === document.body) {
      const found = [document.getElementById("h-hasil"), document.getElementById(failed.id)];
      (found.find((one) => one) || document.querySelector(`#${place} [tabindex="-1"]`))?.focus();
    }
    [failed, place, pressed, waiting] = [null, "", false, false];
  }

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) tell(event.detail.ctx.sourceElement);
  });
  // An answer from something in between, which has no words of ours; ours are shown, and may be asked for again.
  document.addEventListener("htmx:response:error", (event) => {
    const ctx = event.detail.ctx;
    if (ctx.response.status >= 500 && !ctx.text.includes('id="pesan-isi"')) tell(ctx.sourceElement);
    else if (waiting) later(false);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const ctx = event.detail.ctx;
    if (place && ctx?.response?.status < 400 && ctx.target?.id === place) forget();
  });
})();
