"""What screens say about connections and imports, in a recruiter's words. No provider's wire format here."""

from __future__ import annotations

from datetime import timedelta

from candidates.enums import PushKind
from integrations.enums import Health, SyncState
from integrations.models import Connection, SyncRun

STREAMS = {
    "candidates": "People",
    "applications": "Answers, interviews and offers",
    "details": "Their applications",
    "jobs": "Jobs",
    "tags": "Tags",
    "rejection_reasons": "Rejection reasons",
    "talent_pools": "Talent pools",
}
TOLD = {
    PushKind.MOVE: "Moves to a stage",
    PushKind.REJECT: "Rejections",
    PushKind.REOPEN: "Taking a rejection back",
    PushKind.TAG: "Tags",
    PushKind.UNTAG: "Taking a tag off",
    PushKind.NOTE: "Notes",
    PushKind.SHORTLIST: "The shortlist",
    PushKind.FIELDS: "Changes of a person's details",
}
# Codes of ours and of the providers, by their beginning: what the reader can do.
NOTHING_TO_DO = "Nothing to do: the next import goes on where this one stopped."
GARBLED = "It is tried again by itself. If it stays so, the provider's support has to hear of it."
ADVICE = (
    ("address_refused", "Another address has to be entered, or the operator of Quorum has to allow this one."),
    ("credentials_unreadable", "The key has to be entered again: the one that was saved can't be opened any more."),
    ("PLATFORM.AUTHENTICATION_INVALID", "A new API key has to be entered."),
    ("http_401", "A new API key has to be entered."),
    ("PLATFORM.IP_NOT_WHITELISTED", "The API key has to be allowed for the address of Quorum's server."),
    ("PLATFORM.INTEGRATION_NOT_FOUND", "The integration id has to be corrected."),
    ("INTEGRATION.AUTHENTICATION_INVALID", "Whoever looks after the system behind it has to reconnect it there."),
    ("INTEGRATION.SETUP", "Nothing to do: the import goes on by itself when the setup is done."),
    ("INTEGRATION.QA_FAILED", "The provider has to finish its checks first; its support can tell more."),
    ("INTEGRATION.INACTIVE", "The integration has to be switched on at the provider."),
    ("INTEGRATION.PERMISSION_MISSING", "The account behind it lacks a permission. Its owner can grant it."),
    ("wrong_key", "A new API key has to be entered."),
    ("INVALID_API_KEY", "A new API key has to be entered."),
    ("INVALID_ACCOUNT", "The account id has to be corrected."),
    ("ACCOUNT_INACTIVE", "Whoever looks after the LinkedIn account has to reconnect it in LinkUp."),
    (
        "INSUFFICIENT_CREDITS",
        "Credits have to be bought at the provider. The next import goes on where this one stopped.",
    ),
    ("credit_budget", "The next import goes on where this one stopped. An admin can also allow more credits."),
    ("no_jobs", "An admin has to choose the jobs whose applicants should be read."),
    ("job_refused", "An admin has to look at the chosen jobs: the ids may be wrong, or the account may not see them."),
    ("many_missing", "An admin of your workspace can say that they are gone; otherwise nothing has to be done."),
    ("list_moved", "Nothing to do: the next import reads the list again."),
    ("unauthorized", "A new API key has to be entered."),
    ("forbidden", "The API key was revoked, or the organization is on trial. A new key has to be entered."),
    ("revoked", "The API key was revoked, or the organization is on trial. A new key has to be entered."),
    ("http_403", "The API key lacks a right. Whoever made it at the provider can grant it, or make another one."),
    ("bad_credential", "The key or id has characters in it that can't be sent. It has to be entered again."),
    ("wrong_account", "The account id has to be corrected."),
    ("wrong_integration", "The integration id has to be corrected."),
    ("invalid_pipeline_status", "An admin has to correct the status in this connection's stage map."),
    ("status_missing", "An admin has to name the status in this connection's stage map."),
    ("candidate_limit_reached", "The provider's limit of candidates is reached. Its plan has to be changed there."),
    ("talent_pool_reveal_required", "The profile is masked. Somebody has to reveal it at the provider first."),
    ("pools_missing", "An admin has to choose the talent pools that come in."),
    ("pool_gone", "An admin has to look at the chosen talent pools: one of them is there no longer."),
    ("not_usable", "The address or the key has to be entered again."),
    ("bad_", GARBLED),
    ("not_json", GARBLED),
    (
        "web_page",
        "A page for people came instead of an answer. The address may be wrong.",
    ),
    ("redirected", "The address leads elsewhere. It has to be corrected."),
    ("cursor_", "Nothing to do: the next import reads the list from its beginning."),
    ("poisoned", "This is a fault of Quorum. The operator finds more in the log."),
    ("paused", "Resume the connection to import again."),
)
EVERY = {
    15: "15 minutes",
    30: "30 minutes",
    60: "hour",
    180: "3 hours",
    360: "6 hours",
    720: "12 hours",
    1440: "day",
    10080: "week",
}


def stream_label(name: str) -> str:
    return STREAMS.get(name) or name.replace("_", " ").capitalize()


def advice(code: str) -> str:
    """What to do about a run that ended with this code."""
    return known_advice(code) or NOTHING_TO_DO


def every(minutes: int) -> str:
    """ "every 3 hours", "every 45 minutes"."""
    return f"every {EVERY.get(minutes, f'{minutes:,} minutes')}"


def system_of(connection: Connection) -> str:
    """ "Greenhouse of Northwind Traders", as far as the last check learned it."""
    system, company = connection.facts.get("system", ""), connection.facts.get("company", "")
    return f"{system} of {company}" if system and company else str(system or company)


def known_advice(code: str) -> str:
    """What to do about this code; empty where nothing in particular is known."""
    return next((words for beginning, words in ADVICE if code.startswith(beginning)), "") if code else ""


def health_advice(connection: Connection, *, is_admin: bool, code: str = "", problems: int = 0) -> str:
    """The one thing that the reader can do about a connection that isn't well. ``code``: how its last import ended;
    ``problems``: rows that wait for somebody."""
    if connection.health == Health.HEALTHY:
        return ""
    said = known_advice(code)
    if connection.health == Health.RECONNECT:
        if said and not about_key(code):
            return said
        return (
            "Enter working credentials; imports and pushes go on by themselves then."
            if is_admin
            else "An admin of your workspace has to enter working credentials."
        )
    if connection.health == Health.WAITING:
        return said or "Nothing to do: it goes on by itself."
    if connection.health == Health.NEEDS_ATTENTION:
        return said or "It is tried again by itself. If it stays so, the provider's support can tell more."
    return "Look at the rows that were set aside." if problems else ""


KEY = ("API key has to be entered", "new key has to be entered", "id has to be corrected", "entered again")


def about_key(code: str) -> bool:
    """Whether other credentials mend it."""
    said = known_advice(code)
    return not said or any(words in said for words in KEY)


def ended(run: SyncRun, set_aside: int) -> str:
    """One sentence on how a run ended."""
    if run.state == SyncState.SUCCEEDED:
        return "Everything that there was to read was read."
    if run.state == SyncState.CANCELLED:
        return "Stopped before the end. What was read by then stays, and the next import goes on from there."
    if run.state == SyncState.PARTIAL and not run.error_code:
        return (
            "Everything was read. Some rows were set aside; see below."
            if set_aside
            else "Everything was read that this connection offers."
        )
    return advice(run.error_code)


def duration(seconds: float) -> str:
    """ "4 s", "2 min 5 s", "1 h 12 min"."""
    total = int(timedelta(seconds=seconds).total_seconds())
    if total < 60:
        return f"{total} s"
    if total < 3600:
        return f"{total // 60} min {total % 60} s"
    return f"{total // 3600} h {total % 3600 // 60} min"


def ordinal(number: int) -> str:
    """ "2nd", "3rd", "4th"."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
