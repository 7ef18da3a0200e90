"""Kombo's pages: what it holds, what it was told, and one person in both copies."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from integrations.sandbox.faults import KINDS
from integrations.sandbox.http import Response, html_response
from integrations.sandbox.kombo.copies import Copy
from integrations.sandbox.kombo.files import files_of, record
from integrations.sandbox.kombo.ids import is_id, number_of
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.ledger import Received
from integrations.sandbox.pages import button, document, esc, table, when

if TYPE_CHECKING:
    from integrations.sandbox.kombo.sandbox import KomboSandbox

SHOWN = 200
COUNTED = 5_000  # pipelines of a larger population aren't counted for a page
SWITCHES: tuple[tuple[str, dict[str, str]], ...] = (
    ("Upstream down, next 3 calls", {"kind": "error", "code": "REMOTE.SERVICE_UNAVAILABLE", "times": "3"}),
    ("Refuse next write", {"kind": "error", "code": "REMOTE.INPUT_INVALID", "path": "/(stage|reject|notes|tags)"}),
    ("Do next write, no answer", {"kind": "timeout_done", "path": "/(stage|reject|notes|tags)"}),
    ("Hang up, next call", {"kind": "drop"}),
    ("Cut next answer", {"kind": "cut"}),
    ("HTML instead of JSON", {"kind": "html"}),
    ("Slow next answer", {"kind": "slow"}),
    ("First sync pending, 3 calls", {"kind": "setup_pending", "path": "/ats/", "times": "3"}),
    ("Too many requests, next call", {"kind": "rate_limit"}),
    ("Too many actions, next call", {"kind": "concurrency_limit", "path": "/ats/"}),
    ("Garbage, next call", {"kind": "garbage"}),
    ("Spoil a row of next list", {"kind": "bad_row", "path": "/ats/candidates"}),
    ("Repeat a cursor", {"kind": "repeat_cursor", "path": "/ats/candidates"}),
    ("Expire a cursor", {"kind": "expire_cursor", "path": "/ats/candidates"}),
    ("Only created applications", {"kind": "only_created", "times": ""}),
)


def page(kombo: KomboSandbox, first: str, rest: str, query: dict[str, str]) -> Response:
    """The page for ``/kombo``, ``/kombo/people`` or ``/kombo/people/{id}``."""
    if first == "people" and rest:
        return _person(kombo, rest)
    if first == "people":
        return html_response(_people(kombo, query.get("q", "")))
    return html_response(_overview(kombo))


def _name(own: dict[str, Any]) -> str:
    return " ".join(part for part in (own["first_name"], own["last_name"]) if part) or "(no name)"


def _overview(kombo: KomboSandbox) -> str:
    store = kombo.store
    return document(
        "Kombo in the sandbox",
        '<p class="soft"><a href="/">Sandbox</a></p><h1>Kombo</h1>'
        f'<p class="soft">Integration <code>{esc(INTEGRATION_ID)}</code>, key <code>{esc(API_KEY)}</code>. '
        f"Reads follow writes after {store.read_delay:g} s.</p>"
        f"{_facts(kombo)}<h2>Received writes</h2>{_writes(kombo)}"
        f"<h2>Told, and how often</h2>{_told(kombo)}<h2>Faults</h2>{_faults(kombo)}"
        f"<h2>Jobs and pipelines</h2>{_jobs(store.remote)}",
    )


def _facts(kombo: KomboSandbox) -> str:
    store, state = kombo.store, kombo.store.remote
    entries = store.ledger.entries
    facts = {
        "people": f"{store.people + len(state.added_candidates):,}", "jobs": len(state.jobs), "tags": len(state.tags),
        "writes received": len(entries), "of them taken": sum(entry.applied for entry in entries),
        "waiting for the read copy": len(store.pending), "webhooks sent": len(kombo.hooks.sent),
    }  # fmt: skip
    cells = "".join(f"<span><b>{esc(value)}</b> {esc(label)}</span>" for label, value in facts.items())
    return (
        f'<div class="facts">{cells}</div><p><a href="/kombo/people">People</a></p>'
        + button("/_control/kombo/sync", "Sync now")
        + button("/_control/kombo/reset", "Reset everything")
    )


def _writes(kombo: KomboSandbox) -> str:
    ledger = kombo.store.ledger
    repeats = ledger.repeats()
    rows = [_write_row(entry, entry.number in repeats) for entry in reversed(ledger.entries[-SHOWN:])]
    heads = ["#No.", "When", "Person", "What", "Said", "Answer", "Taken"]
    return table(heads, rows, "Nothing has been written yet.")


def _write_row(entry: Received, repeated: bool) -> list[str]:
    person = esc(entry.person or entry.target or "—")
    if entry.person_id:
        person = f'<a href="/kombo/people/{esc(entry.person_id)}">{person}</a>'
    answer = f"{entry.status} {esc(entry.code)}" if entry.status else "no answer"
    taken = '<span class="good">taken</span>' if entry.applied else '<span class="bad">not taken</span>'
    mark = ' <span class="warn">repeat</span>' if repeated else ""
    said = entry.summary if len(entry.summary) < 200 else entry.summary[:200] + "…"
    return [str(entry.number), when(entry.at), person, esc(entry.kind), esc(said), answer, taken + mark]


def _told(kombo: KomboSandbox) -> str:
    ledger = kombo.store.ledger
    names = {entry.target: entry.person for entry in ledger.entries}
    rows = []
    for (kind, target), times in ledger.times().most_common(SHOWN):
        count = f'<span class="{"warn" if times > 1 else "good"}">{times}</span>'
        rows.append([esc(kind), esc(names[target] or "—"), f"<code>{esc(target)}</code>", count])
    return table(["What", "Person", "Application or candidate", "#Times"], rows, "Nobody has been told anything.")


def _faults(kombo: KomboSandbox) -> str:
    active = [
        [
            esc(fault.kind), esc(KINDS[fault.kind]),
            f"<code>{esc(f'{fault.method} {fault.path}'.strip() or 'any')}</code>",
            esc(fault.times if fault.times is not None else "until cleared"), str(fault.hits),
        ]
        for fault in kombo.faults.active()
    ]  # fmt: skip
    buttons = "".join(button("/_control/kombo/faults", label, **fields) for label, fields in SWITCHES)
    clear = button("/_control/kombo/faults/clear", "Clear all faults") if active else ""
    heads = ["Fault", "What it does", "Calls", "#Left", "#Hits"]
    return f"{table(heads, active, 'No fault is on.')}<p></p>{buttons}{clear}"


def _jobs(state: Copy) -> str:
    """Jobs with the number of living applications in each stage."""
    counts: Counter[tuple[int | None, int | None]] = Counter()
    counted = state.population.people <= COUNTED
    for number in state.application_numbers(0) if counted else ():
        application = state.application(number)
        if application and not application.own["remote_deleted_at"]:
            counts[application.job, application.stage] += 1
    rows = []
    for number, job in state.jobs.items():
        total = sum(count for (where, _), count in counts.items() if where == number)
        stages = " · ".join(
            f"{esc(stage['name'])} <b>{counts[number, number_of(stage['id'])] if counted else '?'}</b>"
            for stage in job["stages"]
        )
        gone = " (deleted)" if job["remote_deleted_at"] else ""
        rows.append(
            [esc(job["name"]) + gone, esc(job["status"]), stages or "no stages", str(total) if counted else "?"]
        )
    return table(["Job", "Status", "Pipeline", "#Applications"], rows, "No jobs.")


def _people(kombo: KomboSandbox, wanted: str) -> str:
    state, rows = kombo.store.remote, []
    for number in state.candidate_numbers(0):
        candidate = state.candidate(number)
        if candidate is None or wanted.casefold() not in _name(candidate.own).casefold():
            continue
        own = candidate.own
        emails = ", ".join(row.get("email_address") or "" for row in own["email_addresses"])
        link = f'<a href="/kombo/people/{esc(own["id"])}">{esc(_name(own))}</a>'
        rows.append([link, esc(emails), esc(own["title"]), str(len(candidate.applications))])
        if len(rows) == SHOWN:
            break
    return document(
        "People in Kombo",
        '<p class="soft"><a href="/kombo">Kombo</a></p><h1>People</h1><form method="get"><p><label>Name '
        f'<input name="q" value="{esc(wanted)}"></label> <button>Search</button></p></form>'
        + table(["Name", "E-mail", "Title", "#Applications"], rows, "Nobody has such a name.")
        + f'<p class="soft">At most {SHOWN} are shown.</p>',
    )


def _person(kombo: KomboSandbox, identifier: str) -> Response:
    number = number_of(identifier) if is_id(identifier) else -1
    store = kombo.store
    candidate = store.remote.candidate(number)
    if candidate is None:
        return html_response(document("Not found", "<h1>Nobody has this id</h1>"), 404)
    name = _name(candidate.own)
    notes = [
        [when(note["at"]), f"<pre>{esc(note['text'])}</pre>"]
        for note in store.remote.notes
        if note["candidate"] == number
    ]
    links = [
        [when(row["at"]), esc(row["label"]), esc(row["url"])]
        for row in store.remote.links
        if row["candidate"] == number
    ]
    rows = [record(file, candidate, "", of_candidate=True) for file in files_of(store.remote, candidate)]
    files = [[esc(row["type"]), f'<a href="{esc(row["data_url"])}">{esc(row["file_name"])}</a>'] for row in rows]
    ledger = store.ledger
    repeats, said = ledger.repeats(), [entry for entry in ledger.entries if entry.person_id == identifier]
    writes = [_write_row(entry, entry.number in repeats) for entry in reversed(said)]
    heads = ["#No.", "When", "Person", "What", "Said", "Answer", "Taken"]
    body = (
        f'<p class="soft"><a href="/kombo">Kombo</a> · <a href="/kombo/people">People</a></p><h1>{esc(name)}</h1>'
        f'<p class="soft"><code>{esc(identifier)}</code></p>{_compared(store.remote, store.read, number)}'
        f"<h2>Notes received</h2>{table(['When', 'Note'], notes, 'No notes.')}"
        f"<h2>Result links received</h2>{table(['When', 'Label', 'Address'], links, 'No result links.')}"
        f"<h2>Files</h2>{table(['Type', 'File'], files, 'No files.')}"
        f"<h2>Writes about this person</h2>{table(heads, writes, 'None.')}"
    )
    return html_response(document(name, body))


def _compared(remote: Copy, read: Copy, number: int) -> str:
    """What the ATS has beside what the API's lists serve; rows that differ are marked."""
    left, right = _state(remote, number), _state(read, number)
    rows = []
    for label in [*left, *(label for label in right if label not in left)]:
        here, there = left.get(label, "—"), right.get(label, "—")
        mark = ' <span class="warn">not synced yet</span>' if here != there else ""
        rows.append([esc(label), esc(here), esc(there) + mark])
    return table(["", "In the ATS", "As the API reads it"], rows, "Nothing is known.")


def _state(state: Copy, number: int) -> dict[str, str]:
    candidate = state.candidate(number)
    if candidate is None:
        return {}
    own = candidate.own
    facts = {
        "Name": _name(own),
        "E-mail": ", ".join(row.get("email_address") or "" for row in own["email_addresses"] or []) or "none",
        "Works as": " at ".join(part for part in (own["title"], own["company"]) if part) or "unknown",
        "Tags": ", ".join(str(state.tags[tag]["name"]) for tag in candidate.tags) or "none",
        "Deleted": own["remote_deleted_at"] or "no",
    }
    for each in candidate.applications:
        application = state.application(each)
        if application is None:
            continue
        job = state.jobs[application.job]["name"] if application.job is not None else "no job"
        stage = state.stages[application.stage]["name"] if application.stage is not None else "no stage"
        reason, gone = application.own["rejection_reason_name"], application.own["remote_deleted_at"]
        parts = [stage, application.own["outcome"] or "no outcome", reason, "deleted" if gone else None]
        facts[f"Application {application.own['remote_id']}: {job}"] = ", ".join(str(part) for part in parts if part)
    return facts
