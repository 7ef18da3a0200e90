/* Quorum's own script, in small files without a build step. This one holds what the others share.
   Every screen works without any of it; docs/components.md lists the attributes. */
"use strict";

window.Quorum = (() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);

  /** Run now for the whole page, and again for everything htmx brings in later. */
  function onContent(run) {
    document.addEventListener("DOMContentLoaded", () => run(document));
    document.addEventListener("htmx:load", (event) => run(event.detail.elt));
  }

  const visible = (element) => element.checkVisibility({ visibilityProperty: true });

  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])"));

  /** The open modal dialog or, without one, the whole page: where keys may act. */
  const stage = () => all("dialog[open]").filter((dialog) => dialog.matches(":modal")).pop() || document;

  function announce(text) {
    const region = one("#announce");
    if (!region) return;
    region.textContent = "";
    requestAnimationFrame(() => (region.textContent = text));
  }

  return { all, one, onContent, visible, typing, stage, announce };
})();

/* Focus after a swap: where the answer asks for it, else on the first error, else where it was. */
(() => {
  const { all, one, visible, announce } = window.Quorum;
  let last = "";

  document.addEventListener("focusin", (event) => {
    if (event.target.id && event.target.id !== "main") last = event.target.id;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const swapped = event.detail.elt;
    if (!swapped.isConnected) return;
    const invalid = all('[aria-invalid="true"]', swapped).find(visible);
    const wanted = all("[data-autofocus]", swapped).find(visible);
    if (invalid) {
      invalid.focus();
      announce(one(`#${CSS.escape(invalid.id)}_error`)?.textContent.trim() || "Something needs to be corrected.");
    } else if (wanted) {
      wanted.focus({ preventScroll: true });
    } else if (document.activeElement === document.body && last) {
      document.getElementById(last)?.focus({ preventScroll: true });
    }
  });
})();

/* Tabs that don't fit scroll sideways: the one that is open is in sight. */
window.Quorum.onContent((root) => {
  for (const tab of window.Quorum.all(".tabs [aria-current]", root)) {
    const tabs = tab.parentElement;
    tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
  }
});
