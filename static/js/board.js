/* The board: cards move by drag or by key. A move shows at once, is taken back in the page when the server refuses it,
   and says why. Who may not decide has no menu and no drag. */
"use strict";

(() => {
  const { all, one, onContent, announce, toast } = window.Quorum;
  const menu = one("#move-menu");
  let chosen = null; // the card that the menu is open for

  const handle = (tile) => tile && one("a.person", tile);
  const tileOf = (element) => element?.closest?.("[data-tile]");
  const columns = () => all("[data-column]");
  const columnOf = (tile) => tile.closest("[data-column]");
  /** The address of a decision: the card's link to its move, with another verb at the end. */
  const urlOf = (tile, verb) => one("[data-move]", tile).getAttribute("href").replace(/move\/$/, `${verb}/`);
  const nameOf = (tile) => one("b", tile).textContent;
  const titleOf = (column) => one("h2", column).textContent.trim();

  /** htmx rejects its promise when the server is away; forms.js has said so by then. */
  const ask = (verb, url, how, then) => window.htmx.ajax(verb, url, how).then(then, () => {});

  function count(column, by) {
    const place = one("[data-count]", column);
    const number = Number(place.dataset.count) + by;
    place.dataset.count = number;
    place.textContent = number;
  }

  /** @param {{column: Element, before: Element|null}} from where the card came from */
  function send(tile, from) {
    const to = columnOf(tile);
    if (to === from.column) return;
    count(from.column, -1);
    count(to, 1);
    tile.dataset.moving = "";
    const values = { stage: to.dataset.column, expected: from.column.dataset.column };
    const settle = (event) => {
      if (event.detail.elt !== tile) return;
      tile.removeEventListener("htmx:afterRequest", settle);
      delete tile.dataset.moving;
      const { xhr, successful } = event.detail;
      if (successful && xhr.status < 300) announce(`${nameOf(tile)} is in ${titleOf(to)} now`);
      else takeBack(tile, from, to, xhr);
    };
    tile.addEventListener("htmx:afterRequest", settle);
    ask("POST", urlOf(tile, "move"), { source: tile, swap: "none", values });
  }

  function takeBack(tile, from, to, xhr) {
    from.column.querySelector("ol").insertBefore(tile, from.before?.isConnected ? from.before : null);
    count(to, -1);
    count(from.column, 1);
    handle(tile).focus({ preventScroll: true });
    if (xhr.status !== 409 && xhr.status !== 422) return; // the others have said so already
    const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const words = one(".banner, [role=alert], .error", answer)?.textContent.trim();
    toast({ text: words || "That can't be done.", detail: "Nothing was changed.", level: "error" });
    refresh();
  }

  /** What the server says now, where we are. */
  function refresh() {
    const left = one(".board")?.scrollLeft || 0;
    const back = () => one(".board")?.scrollTo({ left });
    ask("GET", location.href, { target: "#board", swap: "outerHTML" }, back);
  }

  /* By drag */
  function drags(root) {
    if (!menu) return;
    const lists = all("[data-column] > ol", root);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const list of lists) {
      const put = "target" in list.parentElement.dataset;
      window.Sortable.create(list, {
        group: { name: "board", put },
        sort: false,
        draggable: ".tile",
        filter: "button, .more",
        preventOnFilter: false,
        animation: calm ? 0 : 120,
        delay: 180,
        delayOnTouchOnly: true,
        onStart: (event) => (event.item.next = event.item.nextElementSibling),
        onEnd: (event) => send(event.item, { column: event.from.parentElement, before: event.item.next }),
      });
    }
    all(".board", root).forEach((board) => (board.dataset.canMove = ""));
  }

  /* By key */
  function openMenu(tile) {
    if (!menu || !tile) return;
    chosen = tile;
    const here = columnOf(tile).dataset.column;
    const buttons = all("[data-to]", menu);
    buttons.forEach((button) => (button.disabled = button.dataset.to === here));
    one(".menu-title", menu).textContent = `Move ${nameOf(tile)} to`;
    menu.showPopover({ source: one("[data-move]", tile) });
    buttons.find((button) => !button.disabled)?.focus();
  }

  function pick(button) {
    const tile = chosen;
    const target = columns().find((column) => column.dataset.column === button.dataset.to);
    menu.hidePopover();
    if (!tile?.isConnected || !target) return;
    const from = { column: columnOf(tile), before: tile.nextElementSibling };
    one("ol", target).prepend(tile);
    handle(tile).focus();
    send(tile, from);
  }

  function walkMenu(event) {
    const buttons = all("[data-to]:not(:disabled)", menu);
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) buttons[(at + step + buttons.length) % buttons.length]?.focus();
    const numbered = /^[1-9]$/.test(event.key) && all("[data-to]", menu)[Number(event.key) - 1];
    if (numbered && !numbered.disabled) pick(numbered);
    if (step || numbered) event.preventDefault();
    event.stopPropagation();
  }

  /** The card above, below, or in the nearest column with cards on that side. */
  function neighbour(tile, key) {
    if (key === "ArrowUp" || key === "ArrowDown") {
      const next = key === "ArrowUp" ? tile.previousElementSibling : tile.nextElementSibling;
      return next?.matches("[data-tile]") ? handle(next) : next && one("a", next);
    }
    const row = all("[data-tile]", columnOf(tile)).indexOf(tile);
    const list = columns();
    const step = key === "ArrowLeft" ? -1 : 1;
    for (let at = list.indexOf(columnOf(tile)) + step; list[at]; at += step) {
      const cards = all("[data-tile]", list[at]);
      if (cards.length) return handle(cards[Math.min(row, cards.length - 1)]);
    }
    return null;
  }

  const acts = {
    m: openMenu,
    r: (tile) => ask("GET", urlOf(tile, "reject"), { target: "#modal-body" }, () => openModal(tile)),
    s: (tile) => {
      const values = "shortlisted" in tile.dataset ? { off: "1" } : {};
      ask("POST", urlOf(tile, "shortlist"), { source: tile, swap: "none", values });
    },
  };

  function openModal(tile) {
    const modal = one("#modal");
    if (modal.open) return;
    modal.addEventListener("close", () => tile.isConnected && handle(tile).focus(), { once: true });
    modal.showModal();
    one("[data-autofocus]", modal)?.focus();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.documentElement.dataset.keys === "off") return;
    const tile = tileOf(event.target);
    if (!tile) return;
    if (event.key.startsWith("Arrow")) {
      const next = neighbour(tile, event.key);
      next?.focus();
      next?.scrollIntoView({ block: "nearest", inline: "nearest" });
      event.preventDefault();
    } else if (menu && acts[event.key.toLowerCase()]) {
      acts[event.key.toLowerCase()](tile);
      event.preventDefault();
    }
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-move]");
    if (!opener || !menu) return;
    event.preventDefault();
    openMenu(tileOf(opener));
  });
  document.addEventListener("application-changed", (event) => {
    if (!("moving" in (tileOf(event.target)?.dataset || {}))) refresh();
  });
  menu?.addEventListener("keydown", walkMenu);
  menu?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-to]");
    if (button) pick(button);
  });
  onContent((root) => {
    const board = root.matches?.("[data-board]") ? root : one("[data-board]", root);
    if (!board) return;
    board.addEventListener("keydown", onKey);
    drags(board);
  });
})();
