"""Recruspace's pages: what it holds, what it was told, and one candidate with the notes that the API shows nobody."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from integrations.sandbox.http import Response, html_response
from integrations.sandbox.ledger import Received
from integrations.sandbox.pages import button, document, esc, table, when
from integrations.sandbox.recruspace.company import API_KEY, NAME
from integrations.sandbox.recruspace.population import Row
from integrations.sandbox.recruspace.store import Store, Switches

if TYPE_CHECKING:
    from integrations.sandbox.recruspace.sandbox import RecruspaceSandbox

SHOWN = 200
CONTROL = "/_control/recruspace"
FAULTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Server error, next 3 calls", {"kind": "error", "times": "3"}),
    ("Do next note, no answer", {"kind": "timeout_done", "path": "add-note"}),
    ("Do next tag, no answer", {"kind": "timeout_done", "path": "add-tag"}),
    ("Hang up, next call", {"kind": "drop"}),
    ("Cut next answer", {"kind": "cut"}),
    ("HTML instead of JSON", {"kind": "html"}),
    ("Slow next answer", {"kind": "slow"}),
    ("Too many requests, next call", {"kind": "rate_limit"}),
    ("Garbage, next call", {"kind": "garbage"}),
    ("Spoil a row of next pool page", {"kind": "bad_row", "path": "/candidates/$"}),
    ("A row slips", {"kind": "slip", "path": "/candidates/$"}),
)


def page(recruspace: RecruspaceSandbox, identifier: str) -> Response:
    """The page for ``/recruspace``, or of one candidate."""
    return _person(recruspace, identifier) if identifier else html_response(_overview(recruspace))


def _overview(recruspace: RecruspaceSandbox) -> str:
    store = recruspace.store
    entries = store.ledger.entries
    facts = {
        "candidates": f"{len(store.rows['candidates']):,}", "pools": len(store.rows["pools"]),
        "job posts": len(store.rows["jobs"]), "writes received": len(entries),
        "of them taken": sum(entry.applied for entry in entries), "calls a minute": store.switches.per_minute,
    }  # fmt: skip
    cells = "".join(f"<span><b>{esc(value)}</b> {esc(label)}</span>" for label, value in facts.items())
    return document(
        "Recruspace in the sandbox",
        '<p class="soft"><a href="/">Sandbox</a></p><h1>Recruspace</h1>'
        f'<p class="soft">{esc(NAME)}. Key <code>{esc(API_KEY)}</code>.</p>'
        f'<div class="facts">{cells}</div>{button(f"{CONTROL}/reset", "Reset everything")}'
        f"<h2>Received writes</h2>{_writes(entries, store.ledger.repeats())}"
        f"<h2>Faults</h2>{_faults(recruspace)}<h2>Switches</h2>{_switches(store.switches)}"
        f"<h2>Talent pools</h2>{_pools(store)}<h2>Candidates</h2>{_people(store)}",
    )


def _writes(entries: list[Received], repeats: set[int]) -> str:
    rows = [_write_row(entry, entry.number in repeats) for entry in reversed(entries[-SHOWN:])]
    return table(["#No.", "When", "Person", "What", "Said", "Answer", "Taken"], rows, "Nothing has been written yet.")


def _write_row(entry: Received, repeated: bool) -> list[str]:
    person = esc(entry.person or entry.target or "—")
    if entry.person_id:
        person = f'<a href="/recruspace/people/{esc(entry.person_id)}">{person}</a>'
    taken = '<span class="good">taken</span>' if entry.applied else '<span class="bad">not taken</span>'
    mark = ' <span class="warn">repeat</span>' if repeated else ""
    answer = esc(entry.status or "no answer")
    return [str(entry.number), when(entry.at), person, esc(entry.kind), esc(entry.summary[:200]), answer, taken + mark]


def _faults(recruspace: RecruspaceSandbox) -> str:
    active = [
        [
            esc(fault.kind), esc(recruspace.faults.kinds[fault.kind]),
            f"<code>{esc(f'{fault.method} {fault.path}'.strip() or 'any')}</code>",
            esc(fault.times if fault.times is not None else "until cleared"), str(fault.hits),
        ]
        for fault in recruspace.faults.active()
    ]  # fmt: skip
    buttons = "".join(button(f"{CONTROL}/faults", label, **said) for label, said in FAULTS)
    clear = button(f"{CONTROL}/faults/clear", "Clear all faults") if active else ""
    heads = ["Fault", "What it does", "Calls", "#Left", "#Hits"]
    return f"{table(heads, active, 'No fault is on.')}<p></p>{buttons}{clear}"


def _switches(switches: Switches) -> str:
    rows = []
    for field in fields(Switches):
        value = getattr(switches, field.name)
        turn = ""
        if isinstance(value, bool):
            said = {"do": "switch", field.name: "0" if value else "1"}
            turn = button(f"{CONTROL}/do", "Switch off" if value else "Switch on", **said)
        rows.append([esc(field.name.replace("_", " ")), esc("on" if value is True else value or "off"), turn])
    return table(["Switch", "Now", ""], rows, "None.")


def _pools(store: Store) -> str:
    rows = [
        [esc(row["name"]), str(row["id"]), str(len(store.in_pool(row["id"])))] for row in store.rows["pools"].values()
    ]
    return table(["Name", "#Id", "#Candidates"], rows, "None.")


def _people(store: Store) -> str:
    rows = []
    for row in list(store.rows["candidates"].values())[:SHOWN]:
        name = f'<a href="/recruspace/people/{row["id"]}">{esc(_name(row))}</a>'
        job = store.rows["jobs"].get(row["job"], {}).get("title", "no job post")
        rows.append([name, esc(job), esc(_pool_names(store, row)), esc(row["score"])])
    return table(["Name", "Job post", "Pools", "#Score"], rows, "Nobody.")


def _pool_names(store: Store, row: Row) -> str:
    return ", ".join(store.rows["pools"][pool]["name"] for pool in row["pools"] if pool in store.rows["pools"])


def _name(row: Row) -> str:
    return " ".join(filter(None, [row["first_name"], row["last_name"]])) or "(no name)"


def _person(recruspace: RecruspaceSandbox, identifier: str) -> Response:
    store = recruspace.store
    try:
        row = store.get("candidates", identifier)
    except LookupError:
        return html_response(document("Not found", "<h1>Nobody has this id</h1>"), 404)
    facts = [[esc(key.replace("_", " ")), esc(value)] for key, value in row.items() if value not in (None, "", [])]
    notes = [
        [when(note["created_at"]), f"<pre>{esc(note['text'])}</pre>"]
        for note in store.rows["notes"].values()
        if note["candidate"] == row["id"]
    ]
    tags = [[esc(store.rows["tags"][tag]["title"])] for tag in row["tags"]]
    said = [entry for entry in store.ledger.entries if entry.person_id == str(row["id"])]
    look = button(f"{CONTROL}/do", "Open the profile (seen)", do="look_at", candidate_id=str(row["id"]))
    cv = button(f"{CONTROL}/do", "Replace the CV", do="replace_cv", candidate_id=str(row["id"]))
    return html_response(
        document(
            _name(row),
            f'<p class="soft"><a href="/recruspace">Recruspace</a></p><h1>{esc(_name(row))}</h1>'
            f"<p>In {esc(_pool_names(store, row) or 'no pool')}</p>{look}{cv}"
            f"<h2>Notes</h2>{table(['When', 'Text'], notes, 'No notes.')}"
            f"<h2>Tags</h2>{table(['Tag'], tags, 'No tags.')}"
            f"<h2>Writes about this person</h2>{_writes(said, store.ledger.repeats())}"
            f"<h2>What Recruspace has</h2>{table(['', ''], facts, 'Nothing.')}",
        )
    )
