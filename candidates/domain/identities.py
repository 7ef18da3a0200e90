"""By what a person can be recognised: normalised e-mail addresses, LinkedIn profiles, phone numbers.

Placeholder, masked and shared addresses are never an identity (dangers C63).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from candidates.domain.writing import insert_links
from candidates.enums import RecordKind
from candidates.models import Candidate, CandidateIdentity, SourceRecord
from recruitment.ids import uuid7

EMAIL, PHONE, LINKEDIN = "email", "phone", "linkedin"
Mark = tuple[str, str]  # kind, normalised value
# Compared without points, hyphens and digits: "no-reply2" is "noreply".
SHARED = frozenset(
    [
        *("noreply", "donotreply", "unknown", "none", "null", "notprovided", "noemail", "notavailable", "placeholder"),
        *("candidate", "candidates", "applicant", "applicants", "application", "applications", "apply", "linkedin"),
        *("jobs", "careers", "career", "recruiting", "recruitment", "recruiter", "recruiters", "hiring", "talent"),
        *("hr", "rh", "humanresources", "info", "office", "contact", "kontakt", "support", "admin", "postmaster"),
        *("team", "sales", "service", "bewerbung", "personal", "test", "example"),
    ]
)
NOBODY = frozenset(["na", "n/a"])  # too short to be looked for inside anything else
PLACEHOLDER_DOMAINS = ("linkedin", "linkedin.com", "invalid", "noreply.com")
HIDDEN = re.compile(r"[*•…\s]|^x{3,}(@|$)")
NO_PROFILE = frozenset(["me", "unavailable", "hidden", "unknown", "null", "none", "undefined", "profile", "n-a"])
LONGEST = 400


def email_identity(address: str) -> str | None:
    """Case-folded; None for something that is nobody's own."""
    folded = address.strip().casefold()
    local, at, domain = folded.partition("@")
    name = local.split("+")[0]
    if not at or not name or not domain or len(folded) > LONGEST or HIDDEN.search(folded):
        return None
    if name in NOBODY or re.sub(r"[._\-\d]+", "", name) in SHARED or _is_placeholder(domain):
        return None
    return folded


def _is_placeholder(domain: str) -> bool:
    return any(domain == known or domain.endswith(f".{known}") for known in PLACEHOLDER_DOMAINS)


def linkedin_identity(link: str) -> str | None:
    """The profile's slug: hosts, languages and trailing parts vary for one person."""
    try:
        parts = urlsplit(link.strip() if "//" in link else f"https://{link.strip()}")
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    segments = [segment for segment in parts.path.split("/") if segment]
    if not (host == "linkedin.com" or host.endswith(".linkedin.com")) or len(segments) < 2 or segments[0] != "in":
        return None
    slug = unquote(segments[1]).casefold()
    return slug if slug and len(slug) <= LONGEST and slug not in NO_PROFILE and not HIDDEN.search(slug) else None


def phone_identity(number: str) -> str | None:
    """The last nine digits: country codes and leading zeros vary for one line. Only ever a hint."""
    digits = "".join(char for char in number if char.isdigit())
    return digits[-9:] if len(digits) >= 8 else None


NORMALISED = {
    "emails": (EMAIL, email_identity),
    "links": (LINKEDIN, linkedin_identity),
    "phones": (PHONE, phone_identity),
}
VERIFIED = ("emails", "links")  # what may tie a row to a person by itself


def marks_in(fields: Mapping[str, Any], names: Iterable[str] = tuple(NORMALISED)) -> list[Mark]:
    """Of columns of a candidate as ``[{value, kind}]``; anything else says nothing."""
    found = []
    for name in names:
        kind, normalise = NORMALISED[name]
        rows = fields.get(name)
        texts = [str(row.get("value", "")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        found += [(kind, value) for value in map(normalise, texts) if value]
    return list(dict.fromkeys(found))


def identities_of(candidate: Candidate, told: Iterable[Mapping[str, Any]] = ()) -> Iterator[Mark]:
    """``told``: what each source says of the person, which counts unless somebody here wrote the field."""
    said = [{name: getattr(candidate, name) for name in NORMALISED}]
    written = {name for name in NORMALISED if candidate.provenance.get(name, {}).get("source") == ""}
    said += [{name: value for name, value in row.items() if name not in written} for row in told]
    yield from dict.fromkeys(mark for fields in said for mark in marks_in(fields))


def write_identities(candidates: Sequence[Candidate], *, new: bool = False) -> None:
    """Make the rows match the people, in at most three queries. ``new``: nobody else knows them yet."""
    told: Mapping[UUID, list[dict[str, Any]]] = {}
    if not new:
        CandidateIdentity.objects.filter(candidate__in=candidates).delete()
        told = _told(candidates)
    rows = [
        (uuid7(), candidate.workspace_id, candidate.pk, kind, value)
        for candidate in candidates
        for kind, value in identities_of(candidate, told.get(candidate.pk, ()))
    ]
    insert_links(CandidateIdentity, ("id", "workspace_id", "candidate_id", "kind", "value"), rows)


def _told(candidates: Sequence[Candidate]) -> Mapping[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    records = SourceRecord.objects.filter(kind=RecordKind.CANDIDATE, candidate__in=candidates)
    for pk, *values in records.values_list("candidate_id", *(f"imported__{name}" for name in NORMALISED)):
        found[pk].append(dict(zip(NORMALISED, values, strict=True)))
    return found
