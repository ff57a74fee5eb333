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

  // The options of a select: those that do not fit are taken out, but not the empty one. The choice stays where it fits
  // and where nothing does, else it is the first that fits; that is told. It counts once the box is left, or after Enter.
  function chosen(select, told, box) {
    const [every, options] = [[...select.options], [...select.options].filter((option) => option.value)];
    const known = options.map((option) => fold(`${told[option.value] || ""} ${option.textContent}`));
    let own = select.value;
    const keep = () => { own = select.value; };
    select.addEventListener("change", keep);
    box.addEventListener("focusout", keep);
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") keep(); });
    return (fits, typed) => {
      const found = options.filter((_option, place) => fits(known[place]));
      const stays = !typed || !found.length || found.some((option) => option.value === own);
      const value = stays ? own : found[0].value;
      select.replaceChildren(...(found.length ? every.filter((one) => !one.value || found.includes(one)) : every));
      select.value = value;
      return [found.length, options.length, select.selectedOptions[0]?.textContent];
    };
  }

  function begin(box) {
    const list = document.getElementById(box.dataset.narrows);
    const [input, said] = [box.querySelector("input"), box.querySelector("[role=status]")];
    const told = JSON.parse(box.dataset.words || "{}");
    const narrow = list.matches("select") ? chosen(list, told, input) : ticked(list, told);
    let waiting = 0;

    function narrowed() {
      const typed = fold(input.value);
      const fits = (words) => typed.every((part) => words.some((word) => word.startsWith(part)));
      const [shown, all, name] = narrow(fits, typed.length);
      const found = { n: shown, all, name };
      const words = shown ? box.dataset.shown : box.dataset.none;
      const text = words.replace(/\{(n|all|name)\}/g, (_whole, word) => found[word]);
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
