/* Toasts: what just happened, with an undo while the decision is still held back.
   The countdown doesn't stop for a pointer: it is the server's clock that runs. */
"use strict";

(() => {
  const { all, one, onContent } = window.Quorum;
  const STAY = 6; // seconds, for a toast that only tells
  const KEEP = 3; // at most so many at once

  function leave(toast) {
    if (toast.contains(document.activeElement)) one("#main")?.focus({ preventScroll: true });
    toast.remove();
  }

  /** The window is over: the undo goes, what happened stays a moment longer. */
  function expire(toast) {
    const form = one("form", toast);
    if (!form) return later(toast, () => leave(toast), 0);
    if (form.contains(document.activeElement)) one("[data-toast-close]", toast).focus();
    form.remove();
    later(toast, () => leave(toast), 2);
  }

  /** Runs after so many seconds unless the toast is gone; a toast that holds the focus or the pointer waits. */
  function later(toast, run, seconds) {
    setTimeout(() => {
      if (!toast.isConnected) return;
      const held = !one("form", toast) && toast.matches(":hover, :focus-within");
      if (held) later(toast, run, 1);
      else run();
    }, seconds * 1000);
  }

  function start(toast) {
    if (toast.dataset.started) return;
    toast.dataset.started = "true";
    const seconds = Number(toast.dataset.seconds) || STAY;
    const form = one("form", toast);
    toast.style.setProperty("--seconds", `${seconds}s`);
    one("[data-toast-close]", toast).addEventListener("click", () => leave(toast));
    form?.addEventListener("htmx:afterRequest", (event) => event.detail.successful && leave(toast));
    if (!toast.classList.contains("error")) later(toast, () => expire(toast), seconds);
  }

  /** @param {{text: string, detail?: string, undo?: string, seconds?: number, level?: string}} parts */
  function toast(parts) {
    const region = one("#toasts");
    const made = one("#toast-template").content.cloneNode(true).firstElementChild;
    const form = one("form", made);
    one(".text", made).textContent = parts.text;
    one(".detail", made).textContent = parts.detail || "";
    if (parts.level) made.classList.add(parts.level);
    made.dataset.seconds = parts.seconds || STAY;
    if (parts.undo) {
      form.setAttribute("action", parts.undo);
      form.setAttribute("hx-post", parts.undo);
    } else {
      form.remove();
    }
    // Only the newest undo answers to the key.
    if (parts.undo) all("[data-toast] .undo", region).forEach((button) => button.removeAttribute("data-key"));
    // The same error again is one error.
    const same = (other) => parts.level === "error" && one(".text", other).textContent === parts.text;
    all("[data-toast]", region).filter(same).forEach(leave);
    region.append(made);
    start(made);
    window.htmx?.process(made);
    all("[data-toast]", region).slice(0, -KEEP).forEach(leave);
    return made;
  }

  window.Quorum.toast = toast;
  document.addEventListener("toast", (event) => toast(event.detail));
  onContent(() => all("#toasts [data-toast]").forEach(start));
})();
