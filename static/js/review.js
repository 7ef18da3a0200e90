/* The review screen: the next person is there at once, nothing typed gets lost, the list follows.
   Without any of it every button is a form and every name a link. */
"use strict";

(() => {
  const { all, one, onContent, takePreloaded, announce } = window.Quorum;

  /* Drafts. What is typed stays in this tab until it is saved, whatever happens to the page; each member has their own. */
  const keyOf = (form) => `quorum.draft.${form.dataset.draft}`;

  function keepDraft(form) {
    const given = Object.fromEntries(new FormData(form).entries());
    delete given.csrfmiddlewaretoken;
    sessionStorage.setItem(keyOf(form), JSON.stringify(given));
  }

  function takeUpDraft(form) {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) || "null");
    if (!kept) return;
    if (kept.version !== form.dataset.version || one("[role=alert], .errors", form)) return; // the server's word is newer
    for (const [name, value] of Object.entries(kept)) {
      const field = form.elements[name];
      if (!field || name === "version" || name === "answer") continue;
      field.value = value; // a RadioNodeList takes it as well
    }
  }

  const forget = (form) => sessionStorage.removeItem(keyOf(form));

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-draft]")) keepDraft(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-draft]")) keepDraft(form);
  });

  /* The list follows the person. */
  function showCurrent() {
    one("#queue [aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  onContent((root) => {
    all("[data-draft]", root).forEach(takeUpDraft);
    showCurrent();
  });

  /* Names in the list, and the one before: in place, and at once where it was fetched already. */
  async function go(link) {
    one("#queue:popover-open")?.hidePopover();
    const text = await takePreloaded(link.pathname);
    const swapped = { target: "#review", swap: "outerHTML", select: "#review" };
    if (text) {
      window.htmx.swap(one("#review"), text, { swapStyle: "outerHTML" });
      history.pushState({ htmx: true }, "", link.href);
      titled();
      return;
    }
    await window.htmx.ajax("GET", link.pathname, { ...swapped, push: "true" });
    history.pushState({ htmx: true }, "", link.href);
    titled();
  }

  function titled() {
    const name = one("#person h1")?.textContent.trim();
    const job = one("#queue h2")?.textContent.trim();
    if (name) document.title = `${name} · ${job} · Quorum`;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go-to]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link);
  });

  /* Save and skip. The next person is shown while the answer is on its way: only to read, the panel waits for the
     server. If the answer can't be kept, the person comes back and everything typed is where it was. */
  let left = null; // the person on the screen before, until the server has answered

  async function showNext(form) {
    const before = one("#person");
    const text = await takePreloaded(form.dataset.preload);
    if (!text || left || !("busy" in form.dataset)) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const next = one("#person", page);
    if (!next || !before?.isConnected) return;
    left = before;
    before.replaceWith(document.adoptNode(next));
    next.scrollTop = 0;
    next.inert = true; // its tabs would ask for a page that the screen isn't at yet
  }

  function comeBack() {
    if (left) one("#person")?.replaceWith(left);
    left = null;
  }

  const isAnswer = (event) => one("#my-review")?.contains(event.detail.elt) && event.detail.requestConfig.verb === "post";

  document.addEventListener("htmx:beforeSend", (event) => {
    const form = one("#my-review");
    if (!isAnswer(event) || !form.dataset.preload) return;
    const skips = event.detail.elt !== form;
    const answers = skips || event.detail.requestConfig.formData.has("answer") || one("[name=verdict]:checked", form);
    form.dataset.busy = "";
    if (answers) showNext(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const asked = event.detail.requestConfig; // the event's own element may be what came instead
    const form = asked.elt.closest("#my-review");
    if (!form || asked.verb !== "post") return;
    delete form.dataset.busy;
    if (event.detail.successful) {
      if (asked.elt === form) forget(form);
      left = null;
    } else {
      comeBack();
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "review" && event.detail.elt?.id !== "review") return;
    titled();
    if (event.detail.requestConfig?.verb === "post") announce(one("#person h1")?.textContent.trim() || "");
  });
})();
