// Narrows a long list of choices while somebody types above it. The list works by itself; without script the box above
// it stays away. What is ticked stays in sight, whatever is typed.
(() => {
  "use strict";

  const fold = (text) =>
    text.normalize("NFD").replace(/[\p{M}'’`]/gu, "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  // Boxes to be ticked: those that do not fit are hidden.
  function ticked(list, told) {
    const boxes = [...list.querySelectorAll("input[type=checkbox]")];
    const known = boxes.map((box) => fold(`${told[box.value] || ""} ${box.parentElement.textContent}`));
    return (fits) => {
      let shown = 0;
      boxes.forEach((box, place) => {
        const found = fits(known[place]);
        box.closest("label").hidden = !found && !box.checked;
        shown += found;
      });
      return [shown, boxes.length];
    };
  }

  // The options of a select: those that do not fit are taken out, the first that fits is chosen.
  function chosen(select) {
    const options = [...select.options];
    const known = options.map((option) => fold(option.textContent));
    return (fits) => {
      const found = options.filter((_option, place) => fits(known[place]));
      const kept = found.includes(select.selectedOptions[0]) ? select.value : found[0]?.value;
      select.replaceChildren(...(found.length ? found : options));
      if (kept) select.value = kept;
      return [found.length, options.length];
    };
  }

  function begin(box) {
    const list = document.getElementById(box.dataset.narrows);
    const [input, said] = [box.querySelector("input"), box.querySelector("[role=status]")];
    const narrow = list.matches("select") ? chosen(list) : ticked(list, JSON.parse(box.dataset.words || "{}"));
    let waiting = 0;

    function narrowed() {
      const typed = fold(input.value);
      const [shown, all] = narrow((words) => typed.every((part) => words.some((word) => word.startsWith(part))));
      const text = shown ? box.dataset.shown.replace("{n}", shown).replace("{all}", all) : box.dataset.none;
      clearTimeout(waiting);
      waiting = setTimeout(() => { said.textContent = typed.length ? text : ""; }, 300);
    }

    delete box.dataset.narrows;
    box.hidden = false;
    // What is typed here is no answer of the form: nothing is saved or sent for it.
    for (const kind of ["input", "change"]) box.addEventListener(kind, (event) => event.stopPropagation());
    input.addEventListener("input", narrowed);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "Escape" && input.value) {
        event.preventDefault();
        input.value = "";
        narrowed();
      }
    });
    narrowed();
  }

  const start = () => document.querySelectorAll("[data-narrows]").forEach(begin);
  document.addEventListener("htmx:after:swap", start);
  start();
})();
