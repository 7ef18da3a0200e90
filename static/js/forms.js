/* Forms: sent once, guarded while unsaved, and kept when the server can't be reached. */
"use strict";

(() => {
  const { all, one, onContent } = window.Quorum;

  /* Sent once. A form is busy from its first submit until the answer. */
  document.addEventListener(
    "submit",
    (event) => {
      if ("busy" in event.target.dataset) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // A GET may be sent again (a download leaves the page where it is); htmx marks its own below.
    if (event.defaultPrevented || form.method !== "post") return;
    form.dataset.busy = "";
    saved(form);
  });
  addEventListener("pageshow", () => all("[data-busy]").forEach((element) => delete element.dataset.busy));

  const busyOne = (element) => (element.matches("form, button, a") ? element : element.closest("form"));

  document.addEventListener("htmx:beforeRequest", (event) => {
    const element = busyOne(event.detail.elt);
    if (!element || event.detail.requestConfig.verb === "get") return;
    if (element.matches("button, a") && "busy" in element.dataset) event.preventDefault();
    element.dataset.busy = "";
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const element = busyOne(event.detail.elt);
    if (!element) return;
    delete element.dataset.busy;
    if (event.detail.successful && element.matches("form")) saved(element);
  });

  /* Guarded: text that would be lost. */
  const dirty = new Set();

  function saved(form) {
    all("[data-guard]", form).forEach((field) => dirty.delete(field));
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-guard]")) return;
    if (field.value.trim() && field.value !== field.defaultValue) dirty.add(field);
    else dirty.delete(field);
  });
  addEventListener("beforeunload", (event) => {
    if ([...dirty].some((field) => field.isConnected)) event.preventDefault();
  });

  /* A mass act wakes when its number is typed. */
  function checkCount(field) {
    const button = one("[type=submit], button:not([type])", field.form);
    if (button) button.disabled = field.value.replace(/\D/g, "") !== field.dataset.confirmCount;
  }
  onContent((root) => all("[data-confirm-count]", root).forEach(checkCount));
  document.addEventListener("input", (event) => event.target.matches("[data-confirm-count]") && checkCount(event.target));

  /* Tick all, and say how many. */
  function boxes(master) {
    return all(`input[type=checkbox][name="${CSS.escape(master.dataset.checkAll)}"]`, master.form || document);
  }

  function tell(master) {
    const list = boxes(master);
    const chosen = list.filter((box) => box.checked).length;
    master.checked = chosen > 0 && chosen === list.length;
    master.indeterminate = chosen > 0 && chosen < list.length;
    all("[data-checked-count]", master.form || document).forEach((place) => (place.textContent = chosen));
    all("[data-when-checked]", master.form || document).forEach((place) => (place.hidden = chosen === 0));
  }

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-check-all]")) boxes(field).forEach((box) => (box.checked = field.checked));
    if (field.matches("input[type=checkbox]")) all("[data-check-all]").forEach(tell);
    if (field.matches("[data-submit-on-change]")) field.form.requestSubmit();
  });
  onContent((root) => all("[data-check-all]", root).forEach(tell));

  /* Offline, and the server away: say so and keep everything as it is. */
  const offline = () => {
    const banner = one("#offline");
    if (banner) banner.hidden = navigator.onLine;
  };
  addEventListener("online", offline);
  addEventListener("offline", offline);
  document.addEventListener("DOMContentLoaded", offline);

  const REASONS = {
    401: "You are signed out. Open Quorum in another tab, sign in, and try again.",
    403: "You may not do that. If this page was open for long, reload it.",
    404: "That isn't there any more.",
    413: "That file is too large.",
    429: "Too many requests. Try again in a minute.",
  };

  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const text = REASONS[status] || "Something broke on our side.";
    window.Quorum.toast({ text, detail: "Nothing you typed is lost.", level: "error" });
  });
  const away = () =>
    window.Quorum.toast({
      text: "The server can't be reached.",
      detail: "What you typed is still here. Try again in a moment.",
      level: "error",
    });
  document.addEventListener("htmx:sendError", away);
  document.addEventListener("htmx:timeout", away);
})();

/* Copied by a button. Where the clipboard is closed (plain http), the text is selected for the reader to copy. */
document.addEventListener("click", async (event) => {
  const { one, announce } = window.Quorum;
  const button = event.target.closest("[data-copy]");
  const source = button && one(button.dataset.copy);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    button.querySelector("span").textContent = "Copied";
    announce("Copied.");
  } catch {
    getSelection().selectAllChildren(source);
    announce("Selected. Copy it with the keyboard.");
  }
});
