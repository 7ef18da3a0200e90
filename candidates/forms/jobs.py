"""A job's details, and the ordered rows of its settings: stages, criteria and the team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from candidates.enums import JobStatus
from candidates.models import Job, JobMember
from recruitment.models import Membership

LIMITS_OF_ADMINS = ("blind", "anonymised")


class NewJobForm(forms.Form):
    title = forms.CharField(max_length=300, widget=forms.TextInput(attrs={"autofocus": True}))
    department = forms.CharField(max_length=300, required=False)
    status = forms.ChoiceField(choices=JobStatus.choices, initial=JobStatus.OPEN)


class JobForm(forms.ModelForm):
    """Admins alone decide about blindness: a disabled field keeps its value whatever is sent."""

    class Meta:
        model = Job
        fields = ("title", "status", "department", "code", "blind", "anonymised", "confidential")
        labels = {
            "code": "Reference",
            "blind": "Blind review",
            "anonymised": "Anonymous review",
            "confidential": "Confidential job",
        }
        help_texts = {
            "blind": "Nobody sees others' verdicts, scores and comments before giving their own. Admins neither.",
            "anonymised": "Reviewers see neither name nor contact, photo nor CV. Recruiters and admins do.",
            "confidential": "Marked as such wherever the job is named.",
        }

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LIMITS_OF_ADMINS:
            self.fields[name].disabled = not member.is_admin
            if not member.is_admin:
                self.fields[name].help_text += " An admin can change this."


@dataclass
class Row:
    """One line of a list that is edited as a whole; ``pk`` is empty for a new one."""

    pk: str = ""
    name: str = ""
    extra: str = ""  # a stage's category, a criterion's description, a team member's role
    locked: bool = False  # named by its source
    used: bool = True


def typed_rows(data: QueryDict, kept: Iterable[Row]) -> list[Row]:
    """The lines as they were sent, in their order: with the ticked ones left out, new ones that have a name added, and
    one moved where its arrow was pressed. ``kept`` says which of them are locked."""
    locked = {row.pk for row in kept if row.locked}
    names, extras = data.getlist("name"), data.getlist("extra")
    sent = [
        Row(pk, name.strip(), extra.strip(), pk in locked)
        for pk, name, extra in zip(data.getlist("pk"), names, extras, strict=False)
    ]
    dropped = set(data.getlist("drop"))
    rows = [row for row in sent if (row.pk or row.name) and (not row.pk or row.pk not in dropped)]
    return _moved(rows, data.get("up", ""), -1) if data.get("up") else _moved(rows, data.get("down", ""), 1)


def _moved(rows: list[Row], pk: str, step: int) -> list[Row]:
    at = next((index for index, row in enumerate(rows) if pk and row.pk == pk), None)
    if at is not None and 0 <= at + step < len(rows):
        rows[at], rows[at + step] = rows[at + step], rows[at]
    return rows


def as_fields(rows: Iterable[Row], extra: str) -> list[dict[str, Any]]:
    """As ``candidates.domain.jobs`` takes them; ``extra`` names the third column."""
    return [{"id": _uuid(row.pk), "name": row.name, extra: row.extra} for row in rows]


def _uuid(text: str) -> UUID | None:
    """None for a new line, and an id that is nowhere for what isn't an id."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def typed_team(data: QueryDict, job: Job, members: Iterable[Membership]) -> list[dict[str, Any]]:
    """``[{member, role}]``: who is on the team with the roles as typed, without the ticked, and the one to add."""
    known = {str(member.pk): member for member in members}
    sent = dict(zip(data.getlist("pk"), data.getlist("extra"), strict=False))
    dropped = set(data.getlist("drop"))
    kept = [{"member": known[pk], "role": role} for pk, role in sent.items() if pk in known and pk not in dropped]
    added = known.get(data.get("add", ""))
    return [*kept, {"member": added, "role": data.get("add_role", "")}] if added else kept


def team_rows(team: Iterable[JobMember]) -> list[Row]:
    return [Row(str(row.member_id), str(row.member), row.role, row.from_source) for row in team]
