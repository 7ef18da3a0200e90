"""Talynce's pages: what it holds, what it was told, and one person with the button that reveals."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from integrations.sandbox.http import Response, html_response
from integrations.sandbox.ledger import Received
from integrations.sandbox.pages import button, document, esc, table, when
from integrations.sandbox.talynce.organization import API_KEY, STATUSES
from integrations.sandbox.talynce.store import Switches

if TYPE_CHECKING:
    from integrations.sandbox.talynce.sandbox import TalynceSandbox

SHOWN = 200
CONTROL = "/_control/talynce"
FAULTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Server error, next 3 calls", {"kind": "error", "code": "internal_error", "times": "3"}),
    ("Refuse next write", {"kind": "error", "code": "validation_error", "method": "PUT"}),
    ("Do next write, no answer", {"kind": "timeout_done", "method": "PUT"}),
    ("Hang up, next call", {"kind": "drop"}),
    ("Cut next answer", {"kind": "cut"}),
    ("HTML instead of JSON", {"kind": "html"}),
    ("Slow next answer", {"kind": "slow"}),
    ("Too many requests, next call", {"kind": "rate_limit"}),
    ("Garbage, next call", {"kind": "garbage"}),
    ("Spoil a row of next list", {"kind": "bad_row", "path": "/candidates$"}),
    ("Short page", {"kind": "short_page", "path": "/candidates$"}),
    ("A row slips", {"kind": "slip", "path": "/candidates$"}),
)
SWITCHED = ("trial", "overwrite", "lock_applications", "shuffle", "touch_candidate")


def page(talynce: TalynceSandbox, identifier: str) -> Response:
    """The page for ``/talynce``, or of one person."""
    return _person(talynce, identifier) if identifier else html_response(_overview(talynce))


def _overview(talynce: TalynceSandbox) -> str:
    store = talynce.store
    entries, people = store.ledger.entries, store.rows["candidates"].values()
    facts = {
        "people": f"{len(people):,}", "masked": sum(row["talent_pool_status"] == "masked" for row in people),
        "jobs": len(store.rows["jobs"]), "writes received": len(entries),
        "of them taken": sum(entry.applied for entry in entries), "calls a minute": store.switches.per_minute,
    }  # fmt: skip
    cells = "".join(f"<span><b>{esc(value)}</b> {esc(label)}</span>" for label, value in facts.items())
    return document(
        "Talynce in the sandbox",
        '<p class="soft"><a href="/">Sandbox</a></p><h1>Talynce</h1>'
        f'<p class="soft">Key <code>{esc(API_KEY)}</code>. Pipeline: {esc(", ".join(STATUSES))}.</p>'
        f'<div class="facts">{cells}</div>{button(f"{CONTROL}/reset", "Reset everything")}'
        f"<h2>Received writes</h2>{_writes(entries, store.ledger.repeats())}"
        f"<h2>Faults</h2>{_faults(talynce)}<h2>Switches</h2>{_switches(store.switches)}"
        f"<h2>People</h2>{_people(talynce)}",
    )


def _writes(entries: list[Received], repeats: set[int]) -> str:
    rows = [_write_row(entry, entry.number in repeats) for entry in reversed(entries[-SHOWN:])]
    return table(["#No.", "When", "Person", "What", "Said", "Answer", "Taken"], rows, "Nothing has been written yet.")


def _write_row(entry: Received, repeated: bool) -> list[str]:
    person = esc(entry.person or entry.target or "—")
    if entry.person_id:
        person = f'<a href="/talynce/people/{esc(entry.person_id)}">{person}</a>'
    answer = f"{entry.status} {esc(entry.code)}" if entry.status else "no answer"
    taken = '<span class="good">taken</span>' if entry.applied else '<span class="bad">not taken</span>'
    mark = ' <span class="warn">repeat</span>' if repeated else ""
    return [str(entry.number), when(entry.at), person, esc(entry.kind), esc(entry.summary[:200]), answer, taken + mark]


def _faults(talynce: TalynceSandbox) -> str:
    active = [
        [
            esc(fault.kind), esc(talynce.faults.kinds[fault.kind]),
            f"<code>{esc(f'{fault.method} {fault.path}'.strip() or 'any')}</code>",
            esc(fault.times if fault.times is not None else "until cleared"), str(fault.hits),
        ]
        for fault in talynce.faults.active()
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
        if field.name in SWITCHED:
            said = {"do": "switch", field.name: "0" if value else "1"}
            turn = button(f"{CONTROL}/do", "Switch off" if value else "Switch on", **said)
        rows.append([esc(field.name.replace("_", " ")), esc("on" if value is True else value or "off"), turn])
    return table(["Switch", "Now", ""], rows, "None.")


def _people(talynce: TalynceSandbox) -> str:
    rows = []
    for row in list(talynce.store.rows["candidates"].values())[:SHOWN]:
        links = talynce.store.applications_of(row["id"])
        statuses = ", ".join(link["status"] for link in links) or "no job"
        name = f'<a href="/talynce/people/{esc(row["id"])}">{esc(row["full_name"])}</a>'
        rows.append([name, esc(row["current_designation"]), esc(statuses), _mark(row["talent_pool_status"])])
    return table(["Name", "Works as", "Statuses", "Talent pool"], rows, "Nobody.")


def _mark(status: str) -> str:
    return f'<span class="warn">{esc(status)}</span>' if status == "masked" else esc(status.replace("_", " "))


def _person(talynce: TalynceSandbox, identifier: str) -> Response:
    store = talynce.store
    row = store.rows["candidates"].get(identifier)
    if row is None:
        return html_response(document("Not found", "<h1>Nobody has this id</h1>"), 404)
    masked = row["talent_pool_status"] == "masked"
    deed = {"do": "reveal" if masked else "mask", "candidate_id": identifier}
    act = button(f"{CONTROL}/do", "Reveal this profile" if masked else "Mask this profile", **deed)
    facts = [[esc(key.replace("_", " ")), esc(value)] for key, value in row.items() if value not in (None, "", [])]
    links = [
        [
            esc(store.rows["jobs"][link["job_id"]]["title"]), esc(link["status"]), when(link["status_date"]),
            f"<pre>{esc(link['notes'])}</pre>",
        ]
        for link in store.applications_of(identifier)
    ]  # fmt: skip
    said = [entry for entry in store.ledger.entries if entry.person_id == identifier]
    return html_response(
        document(
            row["full_name"],
            f'<p class="soft"><a href="/talynce">Talynce</a></p><h1>{esc(row["full_name"])}</h1>'
            f"<p>Talent pool: {_mark(row['talent_pool_status'])}</p>{act}"
            f"<h2>Applications</h2>{table(['Job', 'Status', 'Since', 'Notes'], links, 'On no job.')}"
            f"<h2>Writes about this person</h2>{_writes(said, store.ledger.repeats())}"
            f"<h2>What Talynce has</h2>{table(['', ''], facts, 'Nothing.')}",
        )
    )
