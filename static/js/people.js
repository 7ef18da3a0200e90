/* The list of people: Shift chooses the rows between the last one and this one. */
"use strict";

(() => {
  const { all } = window.Quorum;
  let last = null;

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-range] input[type=checkbox]");
    if (!box) return;
    const boxes = all("input[type=checkbox]", box.closest("[data-range]"));
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
    }
    last = box;
  });
})();
