"""LinkUp's pages: what it holds, what it was asked and paid, and who has applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.sandbox.http import Response, html_response
from integrations.sandbox.linkup.account import ACCOUNT_ID, API_KEY, INACTIVE_ACCOUNT, JOBS, POSTINGS
from integrations.sandbox.linkup.population import Applicant
from integrations.sandbox.linkup.spoil import KINDS
from integrations.sandbox.pages import button, document, esc, table, when

if TYPE_CHECKING:
    from integrations.sandbox.linkup.sandbox import LinkUpSandbox

SHOWN = 200
FAULTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Too many requests, next call", {"kind": "rate_limit"}),
    ("Fail inside, next 3 calls", {"kind": "internal", "times": "3"}),
    ("No credits, next call", {"kind": "no_credits"}),
    ("Wrong key, next call", {"kind": "wrong_key"}),
    ("LinkedIn login ended, next call", {"kind": "inactive"}),
    ("Page of Cloudflare, next call", {"kind": "cloudflare"}),
    ("LinkedIn refuses, next call", {"kind": "channel"}),
    ("Cut next answer", {"kind": "cut"}),
    ("Hang up, next call", {"kind": "drop"}),
    ("Garbage, next call", {"kind": "garbage"}),
    ("Spoil a row of next page", {"kind": "bad_row", "path": "get_candidates"}),
    ("Take an id from next page", {"kind": "no_id", "path": "get_candidates"}),
    ("Repeat an offset", {"kind": "repeat_offset", "path": "get_candidates"}),
    ("End early", {"kind": "early_end", "path": "get_candidates"}),
    ("Answer for another account", {"kind": "other_account"}),
)


def page(linkup: LinkUpSandbox, path: str, query: dict[str, str]) -> Response:
    """The page for ``/linkup`` or ``/linkup/people?job=…``."""
    with linkup.store.lock:
        return html_response(_people(linkup, query.get("job", "")) if path == "/people" else _overview(linkup))


def _overview(linkup: LinkUpSandbox) -> str:
    return document(
        "LinkUp in the sandbox",
        '<p class="soft"><a href="/">Sandbox</a></p><h1>LinkUp</h1>'
        f'<p class="soft">Key <code>{esc(API_KEY)}</code>, account <code>{esc(ACCOUNT_ID)}</code>; '
        f"<code>{esc(INACTIVE_ACCOUNT)}</code> is logged out of LinkedIn.</p>"
        f"{_facts(linkup)}<h2>Jobs</h2>{_jobs(linkup)}<h2>Calls</h2>{_calls(linkup)}"
        f"<h2>Received writes</h2>{_writes(linkup)}<h2>Faults</h2>{_faults(linkup)}"
        f"<h2>Ways to speak</h2>{_switches(linkup)}",
    )


def _facts(linkup: LinkUpSandbox) -> str:
    store = linkup.store
    facts = {
        "applicants": f"{sum(len(numbers) for numbers in store.order.values()):,}", "jobs": len(POSTINGS),
        "credits left": f"{store.credits:,}", "credits spent": f"{store.spent:,}", "calls": f"{store.calls:,}",
    }  # fmt: skip
    cells = "".join(f"<span><b>{esc(value)}</b> {esc(label)}</span>" for label, value in facts.items())
    deeds = [
        button("/_control/linkup/do", "Let time pass: a rating and a slug change, somebody withdraws", do="next_run"),
        *(
            button("/_control/linkup/do", f"Somebody applies: {posting.title}", do="apply_for", job_id=posting.job_id)
            for posting in POSTINGS[:2]
        ),
        button("/_control/linkup/do", "Leave 5 credits", do="set_credits", credits="5"),
        button("/_control/linkup/reset", "Reset everything"),
    ]
    return f'<div class="facts">{cells}</div>{"".join(deeds)}'


def _jobs(linkup: LinkUpSandbox) -> str:
    rows = []
    for posting in POSTINGS:
        link = f'<a href="/linkup/people?job={posting.job_id}">{esc(posting.title)}</a>'
        texts = [esc(text) for text in (posting.company, posting.location, posting.status.lower())]
        number = f"{len(linkup.store.order[posting.job_id]):,}"
        rows.append([f"<code>{esc(posting.job_id)}</code>", link, *texts, number])
    return table(["Job id", "Title", "Company", "Place", "Status", "#Applicants"], rows, "No jobs.")


def _calls(linkup: LinkUpSandbox) -> str:
    rows = [
        [when(call["timestamp"]), *(esc(call[name]) for name in ("action", "account_id", "status", "credits"))]
        for call in reversed(linkup.store.log[-30:])
    ]
    return table(["When", "Action", "Account", "#Answer", "#Credits"], rows, "None yet.")


def _writes(linkup: LinkUpSandbox) -> str:
    entries = linkup.store.ledger.entries
    rows = [[str(each.number), when(each.at), esc(each.kind), esc(each.summary)] for each in entries]
    return table(["#No.", "When", "What", "About"], rows[::-1][:SHOWN], "None: applicants can't be told anything.")


def _faults(linkup: LinkUpSandbox) -> str:
    rows = [
        [esc(KINDS[fault.kind]), esc(fault.path) or "all", "lasting" if fault.times is None else str(fault.times)]
        for fault in linkup.faults.active()
    ]
    buttons = "".join(button("/_control/linkup/faults", label, **fields) for label, fields in FAULTS)
    clear = button("/_control/linkup/faults/clear", "Clear all faults")
    return table(["What goes wrong", "Where", "#Calls left"], rows, "No fault is on.") + f"<p>{buttons}{clear}</p>"


def _switches(linkup: LinkUpSandbox) -> str:
    now = linkup.store.switches
    other = "GOOD_FIT" if now.rating_words == "GOOD" else "GOOD"
    buttons = [
        button("/_control/linkup/do", f"Call a good rating {other}", do="switch", rating_words=other),
        button(
            "/_control/linkup/do",
            "Leave out application date and education" if now.extras else "Send application date and education",
            do="switch", extras="false" if now.extras else "true",
        ),
        button(
            "/_control/linkup/do",
            "Nobody applies during a walk" if now.arrivals else "Somebody applies before each further page",
            do="switch", arrivals="0" if now.arrivals else "1",
        ),
    ]  # fmt: skip
    return f"<p>{''.join(buttons)}</p>"


def _people(linkup: LinkUpSandbox, job_id: str) -> str:
    posting = JOBS.get(job_id, POSTINGS[0])
    found = linkup.store.applicants(posting.job_id, 0, SHOWN)
    rows = [[esc(cell) for cell in _cells(each)] for each in found]
    heads = ["Application", "Name", "Headline", "Place", "Rating", "Top choice", "Profile", "Case"]
    return document(
        posting.title,
        f'<p class="soft"><a href="/">Sandbox</a> · <a href="/linkup">LinkUp</a></p><h1>{esc(posting.title)}</h1>'
        f'<p class="soft">The latest {len(found):,} of {len(linkup.store.order[posting.job_id]):,}.</p>'
        f"{table(heads, rows, 'Nobody has applied.')}",
    )


def _cells(each: Applicant) -> list[str]:
    top = each.message[:80] or ("yes" if each.top_choice else "")
    return [
        each.application_id, each.person.name, each.headline[:80], each.person.place, each.rating, top, each.slug,
        each.special,
    ]  # fmt: skip
