"""By what a person can be recognised: normalised e-mail addresses, LinkedIn profiles, phone numbers.

Placeholder and shared addresses are never an identity (dangers C63).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from candidates.domain.writing import insert_links
from candidates.models import Candidate, CandidateIdentity
from recruitment.ids import uuid7

EMAIL, PHONE, LINKEDIN = "email", "phone", "linkedin"
SHARED = frozenset(
    [
        *("noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "unknown", "none", "null", "na", "n/a"),
        *("notprovided", "not-provided", "noemail", "no-email", "candidate", "candidates", "applicant"),
        *("jobs", "careers", "hr", "info", "test", "example"),
    ]
)
LONGEST = 400


def email_identity(address: str) -> str | None:
    """Case-folded; None for something that is nobody's own."""
    folded = address.strip().casefold()
    local, at, domain = folded.partition("@")
    if not at or not domain or local.split("+")[0] in SHARED or len(folded) > LONGEST:
        return None
    return folded


def linkedin_identity(link: str) -> str | None:
    """The profile's slug: hosts, languages and trailing parts vary for one person."""
    try:
        parts = urlsplit(link if "//" in link else f"https://{link}")
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    segments = [segment for segment in parts.path.split("/") if segment]
    if not (host == "linkedin.com" or host.endswith(".linkedin.com")) or len(segments) < 2 or segments[0] != "in":
        return None
    slug = unquote(segments[1]).casefold()
    return slug if slug and len(slug) <= LONGEST else None


def phone_identity(number: str) -> str | None:
    """The last nine digits: country codes and leading zeros vary for one line. Only ever a hint."""
    digits = "".join(char for char in number if char.isdigit())
    return digits[-9:] if len(digits) >= 8 else None


def identities_of(candidate: Candidate) -> Iterator[tuple[str, str]]:
    rows = (
        *((EMAIL, email_identity(str(row.get("value", "")))) for row in candidate.emails),
        *((LINKEDIN, linkedin_identity(str(row.get("value", "")))) for row in candidate.links),
        *((PHONE, phone_identity(str(row.get("value", "")))) for row in candidate.phones),
    )
    yield from dict.fromkeys((kind, value) for kind, value in rows if value)


def write_identities(candidates: Sequence[Candidate], *, new: bool = False) -> None:
    """Make the rows match the people, in at most two queries. ``new`` spares the deletion."""
    if not new:
        CandidateIdentity.objects.filter(candidate__in=candidates).delete()
    rows = [
        (uuid7(), candidate.workspace_id, candidate.pk, kind, value)
        for candidate in candidates
        for kind, value in identities_of(candidate)
    ]
    insert_links(CandidateIdentity, ("id", "workspace_id", "candidate_id", "kind", "value"), rows)
