"""What a dry run would do, by example: a few people who would be new, and a few who would change, with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from candidates.domain.intake import Counts
from candidates.domain.sentences import field_label, value_text
from candidates.enums import RecordKind
from candidates.models import Activity, Candidate, Job, SourceRecord
from integrations.models import SyncRun, SyncStream

MOST = 10  # of each, a stream
NEW, CHANGED = "new", "changed"
LONGEST = 200  # characters of a value


def gather(run: SyncRun, stream: SyncStream, counts: Counts) -> None:
    """Add to the stream's examples. Call it before the rehearsal is taken back: names and ids are read from it.

    Each: ``{change: new or changed, name, external_id, fields: {name: [before, after]}}``.
    """
    room = {kind: MOST - sum(one["change"] == kind for one in stream.examples) for kind in (NEW, CHANGED)}
    found: dict[Any, tuple[str, dict[str, list[Any]]]] = {}
    for told in counts.told:
        about = told.candidate_id or told.job_id
        kind = NEW if told.verb == "imported" else CHANGED
        fields = _fields(told)
        if about in found:
            found[about][1].update(fields if found[about][0] == CHANGED else {})
        elif room[kind] > 0 and (kind == NEW or fields):
            room[kind] -= 1
            found[about] = (kind, fields)
    if found:
        stream.examples = [*stream.examples, *_named(run, found)]


def _named(run: SyncRun, found: Mapping[Any, tuple[str, dict[str, list[Any]]]]) -> list[dict[str, Any]]:
    people, jobs = Candidate.objects.in_bulk(list(found)), Job.objects.in_bulk(list(found))
    records = SourceRecord.objects.filter(source=run.connection.source_id)
    ids = dict(records.filter(kind=RecordKind.CANDIDATE, candidate__in=people).values_list("candidate", "external_id"))
    ids |= dict(records.filter(kind=RecordKind.JOB, job__in=jobs).values_list("job", "external_id"))
    names = {pk: person.display_name for pk, person in people.items()} | {pk: job.title for pk, job in jobs.items()}
    return [
        {"change": kind, "name": names.get(about, "")[:LONGEST], "external_id": ids.get(about, ""), "fields": fields}
        for about, (kind, fields) in found.items()
    ]


def _fields(told: Activity) -> dict[str, list[Any]]:
    data = told.data
    if told.verb in ("edited", "linked"):
        pairs: Mapping[str, Any] = data.get("fields") or {}
    elif told.verb == "job_edited":
        pairs = data
    elif told.verb == "moved":
        pairs = {"stage": [data.get("from"), data.get("to")]}
    elif told.verb in ("rejected", "hired", "withdrawn", "reopened"):
        pairs = {"outcome": [None, "active" if told.verb == "reopened" else told.verb]}
    elif told.verb in ("tagged", "untagged"):
        tag = data.get("tag")
        pairs = {"tags": [None, tag] if told.verb == "tagged" else [tag, None]}
    else:
        return {}
    return {
        name: [value_text(value, LONGEST) or None for value in pair]
        for name, pair in pairs.items()
        if isinstance(pair, list) and len(pair) == 2
    }


def shown(streams: Sequence[SyncStream]) -> list[dict[str, Any]]:
    """For a screen: the examples with their changes as (label, before, after)."""
    return [
        {
            "name": one["name"] or one["external_id"],
            "is_new": one["change"] == NEW,
            "changes": [(field_label(name), before, after) for name, (before, after) in one["fields"].items()],
        }
        for stream in streams
        for one in stream.examples
    ]


def forget(source_id: Any, external_ids: set[str]) -> None:
    """Whoever is erased is no example any more (design, rule 7)."""
    for stream in SyncStream.objects.filter(run__connection__source=source_id, run__dry_run=True).exclude(examples=[]):
        kept = [one for one in stream.examples if one["external_id"] not in external_ids]
        if len(kept) < len(stream.examples):
            stream.examples = kept
            stream.save(update_fields=["examples", "updated_at"])
