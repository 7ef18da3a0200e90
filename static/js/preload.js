/* The next thing, fetched before it is asked for. The request says HX-Preloaded: true, so that the server writes no
   "viewed" and loosens nothing for it. A text is given out once, and not after half a minute. */
"use strict";

(() => {
  const { all, onContent } = window.Quorum;
  const FRESH = 30_000; // milliseconds
  const kept = new Map(); // url → {at, text: Promise<string|null>}

  async function load(url) {
    try {
      const answer = await fetch(url, {
        headers: { "HX-Request": "true", "HX-Preloaded": "true" },
        credentials: "same-origin",
      });
      // A redirect is a sign-in page or somebody else's screen: never swap it in.
      return answer.ok && !answer.redirected ? await answer.text() : null;
    } catch {
      return null;
    }
  }

  function preload(url) {
    const known = kept.get(url);
    if (known && performance.now() - known.at < FRESH) return known.text;
    const entry = { at: performance.now(), text: load(url) };
    kept.set(url, entry);
    return entry.text;
  }

  /** The text, once; null when there is none or it is too old. */
  async function takePreloaded(url) {
    const entry = kept.get(url);
    kept.delete(url);
    return entry && performance.now() - entry.at < FRESH ? entry.text : null;
  }

  /** Put a preloaded fragment where `target` is. False when there was none: then ask the server. */
  async function swapPreloaded(url, target, style = "outerHTML") {
    const text = await takePreloaded(url);
    if (!text) return false;
    window.htmx.swap(target, text, { swapStyle: style });
    return true;
  }

  const idle = window.requestIdleCallback || ((run) => setTimeout(run, 200));
  onContent((root) => {
    const marked = all("[data-preload]", root);
    if (root !== document && root.matches("[data-preload]")) marked.push(root);
    marked.forEach((element) => idle(() => preload(element.dataset.preload)));
  });

  Object.assign(window.Quorum, { preload, takePreloaded, swapPreloaded, forgetPreloaded: () => kept.clear() });
})();
