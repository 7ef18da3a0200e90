"""What a source knows of applications beyond their state: answers, interviews, offers.

Nobody here edits them, so there is nothing to weigh: what the source says now is taken, where it says something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from candidates.domain.intake.records import read_all
from candidates.domain.intake.run import Intake
from candidates.domain.profiles import MISSING, FactsProfile
from candidates.domain.writing import overwrite
from candidates.enums import RecordKind
from candidates.models import Application, SourceRecord

FACTS = ("screening_answers", "interviews", "offers")


def take_facts(intake: Intake, rows: Sequence[Any]) -> None:
    """Two queries a page, two more where something is new. Applications that aren't known, or whose person was erased,
    are skipped: the stream of people brings them first."""
    profiles = {profile.external_id: profile for profile in read_all(intake, rows)}
    known = _known(intake, list(profiles))
    held = {pk: rest for pk, *rest in Application.objects.filter(pk__in=known.values()).values_list("pk", *FACTS)}
    changed: dict[UUID, FactsProfile] = {}
    for external_id, profile in profiles.items():
        ours = held.get(known[external_id]) if external_id in known else None
        if ours is None:
            intake.counts.skipped += 1
        elif any(_says_else(profile, name, value) for name, value in zip(FACTS, ours, strict=True)):
            changed[known[external_id]] = profile
        else:
            intake.counts.unchanged += 1
    _write(intake, changed)


def _known(intake: Intake, external_ids: list[str]) -> dict[str, UUID]:
    rows = SourceRecord.objects.filter(
        source=intake.source, kind=RecordKind.APPLICATION, external_id__in=external_ids, candidate__erased_at=None
    ).exclude(application=None)
    return dict(rows.values_list("external_id", "application_id"))


def _says_else(profile: FactsProfile, name: str, ours: Any) -> bool:
    theirs = getattr(profile, name)
    return theirs is not MISSING and theirs != ours


def _write(intake: Intake, changed: dict[UUID, FactsProfile]) -> None:
    if not changed:
        return
    found = Application.objects.select_for_update(of=("self",)).filter(pk__in=changed).order_by("pk")
    applications = list(found.filter(candidate__erased_at=None))
    for application in applications:
        for name in FACTS:
            theirs = getattr(changed[application.pk], name)
            if theirs is not MISSING and theirs != getattr(application, name):
                setattr(application, name, theirs)
                if name == "screening_answers":
                    application.provenance[name] = intake.stamp
        application.version += 1
    intake.counts.updated += len(applications)
    intake.counts.skipped += len(changed) - len(applications)
    overwrite(Application, applications, [*FACTS, "provenance", "version", "updated_at"])
