"""An id that a source gives to somebody else (dangers F23, C71): the row is set aside, and the person stays."""

from __future__ import annotations

from candidates.domain.identities import marks_in
from candidates.domain.intake.records import Sighting
from candidates.domain.names import differ_clearly, name_in, name_of
from candidates.models import Candidate, SourceRecord

MAILS = ("emails",)


def somebody_else(row: Sighting, record: SourceRecord, candidate: Candidate) -> str:
    """Why this can't be the person whom the row was, in words; empty where it can.

    Only when the name differs clearly and no e-mail address is left, both from what the source said last time and from
    what is known here: people change either one. Whoever knows better writes the new name or address down here.
    """
    fields = row.profile.fields
    name, now = name_in(fields), set(marks_in(fields, MAILS))
    if not name or not now:
        return ""
    said = name_in(record.imported), marks_in(record.imported, MAILS)
    ours = name_of(candidate), marks_in({"emails": candidate.emails}, MAILS)
    for known, marks in (said, ours):
        if not marks or now.intersection(marks) or not differ_clearly(name, known):
            return ""
    return (
        f"This id was {name_of(candidate)} before, and now it is {name} under other addresses. Nothing was "
        "changed. If it is the same person, write the new name or e-mail address down here and import again."
    )
