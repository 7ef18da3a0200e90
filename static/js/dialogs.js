/* Dialogs and popovers: the browser's own, opened by an attribute. */
"use strict";

(() => {
  const { all, one, visible } = window.Quorum;

  function open(dialog) {
    if (dialog.open) return;
    dialog.dispatchEvent(new CustomEvent("quorum:dialog", { bubbles: true }));
    dialog.showModal();
    all("[data-autofocus]", dialog).find(visible)?.focus();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = one(opener.dataset.dialog);
      if (!dialog) return; // the link's own address is the way without
      if (!opener.matches("input, label")) event.preventDefault();
      opener.closest("[popover]")?.hidePopover();
      // With htmx the answer opens it, so that nobody looks at an empty box.
      if (!opener.matches("[hx-get], [hx-post]")) open(dialog);
      return;
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    // A click on the backdrop is a click on the dialog itself, outside its box.
    if (event.target.matches("dialog[open]") && !inside(event.target, event)) event.target.close();
  });

  function inside(dialog, event) {
    const box = dialog.getBoundingClientRect();
    const across = event.clientX >= box.left && event.clientX <= box.right;
    return across && event.clientY >= box.top && event.clientY <= box.bottom;
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const source = event.detail.requestConfig?.elt;
    const dialog = source?.dataset.dialog && one(source.dataset.dialog);
    if (dialog) open(dialog);
  });
  document.addEventListener("closeDialog", () => all("dialog[open]").forEach((dialog) => dialog.close()));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const menu = event.target.closest("[popover]:popover-open");
    if (menu && event.target.matches("a, button")) menu.hidePopover();
  });

  /* Browsers without anchor positioning: put the popover by its button. */
  if (CSS.supports("position-area", "block-end")) return;
  document.addEventListener(
    "toggle",
    (event) => {
      const popover = event.target;
      if (event.newState !== "open" || !popover.matches(".popover") || innerWidth < 720) return;
      const button = all(`[popovertarget="${popover.id}"]`).find(visible);
      if (!button) return;
      const from = button.getBoundingClientRect();
      const size = popover.getBoundingClientRect();
      const beside = popover.matches(".beside");
      const left = beside ? from.right : from.left;
      const top = beside ? from.top : from.bottom;
      popover.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
      popover.style.top = `${Math.max(8, Math.min(top, innerHeight - size.height - 8))}px`;
    },
    true,
  );
})();
