/* Keys. [data-key] is pressed by its key, [data-go] by g and a letter, [data-list] is walked with j and k.
   Nothing acts while somebody types, with a modifier held, or behind an open dialog. */
"use strict";

(() => {
  const { all, one, onContent, visible, typing, stage } = window.Quorum;
  const OFF = "quorum.keys"; // a habit of this keyboard, so it stays on this device
  const NAMES = { Enter: "↵", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" };
  let goingUntil = 0;

  const off = () => document.documentElement.dataset.keys === "off";
  const keysOf = (element) => element.dataset.key.split(" ");

  function find(attribute, key) {
    return all(`[data-${attribute}]`, stage()).find((element) => {
      const keys = element.dataset[attribute].split(" ");
      return keys.includes(key) && !element.disabled && element.ariaDisabled !== "true" && visible(element);
    });
  }

  /** Text fields take the focus; everything else is clicked. */
  function press(element) {
    const field = element.matches("label") ? element.control : element;
    if (field && (typing(field) || field.matches("select"))) {
      field.focus();
    } else {
      element.click();
    }
  }

  function rows(list) {
    const items = all("[data-item]", list);
    return (items.length ? items : all("a[href]", list)).filter(visible);
  }

  const handle = (row) => (row.matches("a, button, input, [tabindex]") ? row : one("a, button, input, summary", row));

  /** Where we are: the focused row, else the current one, else nowhere. */
  function position(items) {
    const focused = items.findIndex((item) => item.contains(document.activeElement));
    if (focused >= 0) return focused;
    return items.findIndex((item) => item.matches("[aria-current]") || one("[aria-current]", item));
  }

  function walk(step) {
    const list = all("[data-list]", stage()).find(visible);
    if (!list) return false;
    const items = rows(list);
    if (!items.length) return false;
    const at = position(items);
    const next = items[Math.min(items.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    handle(next)?.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function tick() {
    const row = document.activeElement?.closest("[data-list] [data-item]");
    const box = row && one("input[type=checkbox]", row);
    box?.click();
    return Boolean(box);
  }

  function act(key) {
    if (performance.now() < goingUntil) {
      goingUntil = 0;
      const link = find("go", key);
      if (link) return press(link), true;
    }
    const target = find("key", key);
    if (target) return press(target), true;
    if (key === "g") return (goingUntil = performance.now() + 1500), true;
    if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
    return key === "x" && tick();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest?.("textarea, input")?.form;
      if (form) {
        event.preventDefault();
        form.requestSubmit(all("[type=submit], button:not([type])", form).find(visible));
      }
      return;
    }
    if (event.key === "Escape" && typing(event.target) && stage() === document) {
      event.target.blur(); // back to where the keys act
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || off() || typing(event.target)) return;
    // Enter and Space belong to the control that has the focus; radios and ticks have no use for Enter.
    const holds = event.target.closest?.("a, button, summary, [popover]");
    if (holds && (event.key === "Enter" || event.key === " ")) return;
    if (event.repeat && event.key !== "j" && event.key !== "k") return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (act(key)) event.preventDefault();
  });

  /* The ? dialog tells what this page answers to, in the order of the page. */
  function entry(label, keys) {
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    term.textContent = label;
    for (const key of keys) {
      const cap = document.createElement("kbd");
      cap.textContent = NAMES[key] || (key.length === 1 ? key.toUpperCase() : key);
      value.append(cap);
    }
    return [term, value];
  }

  function labelOf(element) {
    if (element.dataset.keyLabel || element.ariaLabel) return element.dataset.keyLabel || element.ariaLabel;
    const words = element.cloneNode(true);
    all("kbd", words).forEach((cap) => cap.remove());
    return words.textContent.trim();
  }

  function fill(dialog) {
    const listed = new Set();
    const list = one("[data-keys-list]", dialog);
    list.replaceChildren();
    const add = (label, keys) => {
      if (listed.has(label + keys)) return;
      listed.add(label + keys);
      list.append(...entry(label, keys));
    };
    all("[data-key]").filter(visible).forEach((element) => add(labelOf(element), keysOf(element)));
    if (one("[data-list]")) add("Next and previous in the list", ["j", "k"]);
    if (one("[data-list] [data-item] input[type=checkbox]")) add("Choose the row", ["x"]);
    all("[data-go]").filter(visible).forEach((element) => add(`Go to ${labelOf(element)}`, ["g", element.dataset.go]));
    if (one("textarea")) add("Send what is written", ["Ctrl", "Enter"]);
  }

  function remember(on) {
    document.documentElement.dataset.keys = on ? "on" : "off";
    try {
      localStorage.setItem(OFF, on ? "on" : "off");
    } catch {
      /* storage may be shut; then it holds until the page is left */
    }
  }

  function recall() {
    try {
      return localStorage.getItem(OFF) !== "off";
    } catch {
      return true;
    }
  }

  document.documentElement.dataset.keys = recall() ? "on" : "off";
  document.addEventListener("quorum:dialog", (event) => event.target.id === "keys" && fill(event.target));
  onContent((root) => {
    all("[data-keys-toggle]", root).forEach((box) => {
      box.checked = !off();
      box.addEventListener("change", () => remember(box.checked));
    });
  });
})();
