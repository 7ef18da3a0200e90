"""Who did what, when, to whom, from what to what (design, rule 8). Written in the transaction of the change itself.

Verbs and their ``data``: ``imported {source}``; ``linked {source, because: email | linkedin, fields?}``, ``not_linked
{source, because}``; ``moved {from, to, from_id, to_id}``; ``rejected {reason}``; ``hired``; ``withdrawn``; ``reopened
{to}``; ``edited {fields: {name: [old, new]}}``; ``tagged {tag}``; ``untagged {tag}``; ``noted {note}``; ``attached
{file}``; ``shortlisted {position}``; ``unshortlisted``; ``reviewed {answer, verdict}``; ``review_withdrawn``;
``blindness_lifted``; ``pooled {pool}``; ``unpooled {pool}``; ``undone {verb}``; ``push_confirmed``, ``push_refused``,
``push_not_offered``, ``push_unknown``, ``push_conflict`` ``{kind, source, entry, message?}``; ``push_cancelled``,
``push_retried`` ``{kind, source, entry}``, ``push_settled {..., arrived}``; ``conflict_resolved {field, keep,
fields?: {name: [old, new]}}``; ``application_made``; ``job_edited {field: [old, new]}``; ``missing_accepted {source,
count}``; ``owners_changed {source, owners, before}``;
``merged {other, name}``, ``unmerged {name}``; ``split``, ``split_off`` ``{source, other}``; ``exported``; ``erased``.
"""

from __future__ import annotations

from typing import Any

from candidates.models import Activity, Application, Candidate, Job
from recruitment.models import Membership


def entry(
    verb: str,
    *,
    actor: Membership | None,
    workspace_id: Any = None,
    actor_label: str = "",
    candidate: Candidate | None = None,
    application: Application | None = None,
    job: Job | None = None,
    private_to: Membership | None = None,
    reveals_review: bool = False,
    **data: Any,
) -> Activity:
    """An unsaved row, for callers that write many at once. What an application implies is filled in."""
    return Activity(
        workspace_id=actor.workspace_id if actor else workspace_id,
        actor=actor,
        actor_label=(actor_label or str(actor or "Quorum"))[:200],
        verb=verb,
        candidate_id=candidate.pk if candidate else (application.candidate_id if application else None),
        application=application,
        job_id=job.pk if job else (application.job_id if application else None),
        private_to=private_to,
        reveals_review=reveals_review,
        data=data,
    )


def record(verb: str, **facts: Any) -> Activity:
    """Write one entry. Call it inside the transaction of the change."""
    row = entry(verb, **facts)
    row.save(force_insert=True)
    return row
