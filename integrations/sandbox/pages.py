"""Plain HTML without scripts. Everything that comes from data goes through ``esc``."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.sandbox.server import Sandbox

STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d9dce1, #343a42); --soft: light-dark(#5c6570, #9aa4b0);
  --back: light-dark(#f6f7f9, #14171b); --card: light-dark(#fff, #1c2127); --ink: light-dark(#1b2027, #e6e9ed);
  --blue: light-dark(#1f5fbf, #8ab4f8); --good: light-dark(#1c6b3c, #7fd3a0); --bad: light-dark(#a3261f, #ff9f97);
  --warn: light-dark(#8a5200, #f3c168); }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 60px }
h1 { font-size: 24px; margin: 0 0 4px } h2 { font-size: 17px; margin: 32px 0 10px }
p { margin: 4px 0 12px } .soft { color: var(--soft) } a { color: var(--blue) }
section.card, .scroll { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 14px 16px }
.scroll { overflow-x: auto; padding: 0 }
table { border-collapse: collapse; width: 100%; font-size: 14px }
time { white-space: nowrap }
th, td { text-align: left; padding: 7px 12px; border-bottom: 1px solid var(--line); vertical-align: top }
th { color: var(--soft); font-weight: 600; white-space: nowrap } tr:last-child td { border-bottom: 0 }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
td.text { max-width: 420px; overflow-wrap: break-word }
.facts { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 12px 0 } .facts b { font-size: 20px; display: block }
.good { color: var(--good) } .bad { color: var(--bad); font-weight: 600 } .warn { color: var(--warn); font-weight: 600 }
form.inline { display: inline-block; margin: 0 6px 6px 0 }
button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 7px;
  padding: 5px 11px; cursor: pointer } button:hover { border-color: var(--blue) }
button:focus-visible, a:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 16px }
code { font-size: 13px } pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font-size: 13px }
"""


def esc(value: object) -> str:
    return "" if value is None else escape(str(value))


def when(at: str) -> str:
    """A time of ours for a table; the exact one is its tooltip."""
    return f'<time datetime="{esc(at)}" title="{esc(at)}">{esc(at[:10])} {esc(at[11:19])}</time>'


def document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{esc(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )


def table(heads: list[str], rows: list[list[str]], empty: str) -> str:
    """Heads that begin with ``#`` are numbers. Cells are HTML already."""
    if not rows:
        return f'<section class="card soft">{esc(empty)}</section>'
    kinds = [' class="number"' if head.startswith("#") else ' class="text"' for head in heads]
    top = "".join(f"<th{kind}>{esc(head.lstrip('#'))}</th>" for kind, head in zip(kinds, heads, strict=True))
    lines = "".join(
        "<tr>" + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>'


def button(action: str, label: str, **fields: str) -> str:
    hidden = "".join(f'<input type="hidden" name="{esc(name)}" value="{esc(value)}">' for name, value in fields.items())
    return f'<form class="inline" method="post" action="{esc(action)}">{hidden}<button>{esc(label)}</button></form>'


def front_page(sandbox: Sandbox) -> str:
    rows = []
    for name, provider in sandbox.providers.items():
        entries = provider.store.ledger.entries
        taken = sum(entry.applied for entry in entries)
        rows.append(
            [
                f'<a href="/{esc(name)}">{esc(name.capitalize())}</a>', f"{provider.store.people:,}", str(len(entries)),
                str(taken), when(entries[-1].at) if entries else "never",
            ]
        )  # fmt: skip
    heads = ["Provider", "#People", "#Writes received", "#Taken", "Last write"]
    return document(
        "Provider sandbox",
        "<h1>Provider sandbox</h1><p class='soft'>Stand-ins for the systems that candidates come from. Everybody here "
        f"is invented.</p>{table(heads, rows, 'Nothing here.')}",
    )
