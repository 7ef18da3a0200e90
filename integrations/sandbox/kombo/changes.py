"""Everything that can happen to a copy, as data: ``{"do": name, ...}`` with ATS numbers.

The same change is applied twice: at once to the ATS's copy, later to the read copy, each time with the time at which
that side saw it. ``apply`` answers the Kombo model names that changed (kombo.md 12), none when nothing did.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from integrations.sandbox.kombo.copies import Copy
from integrations.sandbox.kombo.ids import kombo_id
from integrations.sandbox.kombo.population import Application, Candidate

Change = dict[str, Any]


def apply(state: Copy, change: Change, at: str) -> list[str]:
    models = CHANGES[change["do"]](state, change, at)
    if models:
        state.version += 1
    return models


def _touch_application(state: Copy, application: Application, at: str) -> None:
    """Own change of an application: its own time, and both lists that show it."""
    application.own["changed_at"] = at
    state.application_seen[application.number] = at
    state.candidate_seen[application.candidate] = at


def _touch_candidate(state: Copy, candidate: Candidate, at: str) -> None:
    candidate.own["changed_at"] = at
    state.candidate_seen[candidate.number] = at
    for number in candidate.applications:
        state.application_seen[number] = at


def _move(state: Copy, change: Change, at: str) -> list[str]:
    application = state.hold_application(change["application"])
    if application.stage == change["stage"]:
        return []
    application.stage = change["stage"]
    application.own["current_stage_id"] = kombo_id(change["stage"]) if change["stage"] is not None else None
    _touch_application(state, application, at)
    return ["ats_applications"]


def _reject(state: Copy, change: Change, at: str) -> list[str]:
    application = state.hold_application(change["application"])
    application.own |= {"outcome": "DECLINED", "rejection_reason_name": change["reason"], "rejected_at": change["at"]}
    _touch_application(state, application, at)
    return ["ats_applications"]


def _edit_application(state: Copy, change: Change, at: str) -> list[str]:
    application = state.hold_application(change["application"])
    application.own |= copy.deepcopy(change["fields"])
    _touch_application(state, application, at)
    return ["ats_applications"]


def _edit_candidate(state: Copy, change: Change, at: str) -> list[str]:
    candidate = state.hold_candidate(change["candidate"])
    candidate.own |= copy.deepcopy(change["fields"])
    _touch_candidate(state, candidate, at)
    return ["ats_candidates"]


def _tag(state: Copy, change: Change, at: str) -> list[str]:
    """Membership shows a candidate again without moving its own ``changed_at``; applications don't notice."""
    number, models = change["tag"], []
    if number not in state.tags:
        state.tags[number] = {
            "id": kombo_id(number), "remote_id": str(number), "name": change["name"],
            "remote_data": None, "changed_at": at, "remote_deleted_at": None,
        }  # fmt: skip
        models.append("ats_tags")
    candidate = state.hold_candidate(change["candidate"])
    if number not in candidate.tags:
        candidate.tags.append(number)
        state.candidate_seen[candidate.number] = at
        models.append("ats_join_candidates_tags")
    return models


def _untag(state: Copy, change: Change, at: str) -> list[str]:
    candidate = state.hold_candidate(change["candidate"])
    if change["tag"] not in candidate.tags:
        return []
    candidate.tags.remove(change["tag"])
    state.candidate_seen[candidate.number] = at
    return ["ats_join_candidates_tags"]


def _edit_tag(state: Copy, change: Change, at: str) -> list[str]:
    state.tags[change["tag"]] |= {**change["fields"], "changed_at": at}
    return ["ats_tags"]


def _edit_stage(state: Copy, change: Change, at: str) -> list[str]:
    """An inner change of the stage shows its applications again, but neither the job nor the candidates."""
    state.stages[change["stage"]] |= {**change["fields"], "changed_at": at}
    state.stage_seen[change["stage"]] = at
    return ["ats_application_stages"]


def _edit_job(state: Copy, change: Change, at: str) -> list[str]:
    state.jobs[change["job"]] |= {**copy.deepcopy(change["fields"]), "changed_at": at}
    return ["ats_jobs"]


def _add_candidate(state: Copy, change: Change, at: str) -> list[str]:
    own = {**change["own"], "changed_at": at}
    state.add_candidate(Candidate(change["candidate"], own, list(change.get("tags", []))))
    state.candidate_seen[change["candidate"]] = at
    return ["ats_candidates"]


def _add_application(state: Copy, change: Change, at: str) -> list[str]:
    own = {**change["own"], "changed_at": at}
    application = Application(change["application"], change["candidate"], change["job"], change["stage"], own)
    state.add_application(application)
    state.hold_candidate(change["candidate"]).applications.append(application.number)
    _touch_application(state, state.applications[application.number], at)
    return ["ats_applications"]


def _note(state: Copy, change: Change, at: str) -> list[str]:
    """Notes and links live in the ATS only: no list of Kombo's shows them."""
    state.notes.append({**change, "at": at})
    return []


def _link(state: Copy, change: Change, at: str) -> list[str]:
    state.links.append({**change, "at": at})
    return []


def _attach(state: Copy, change: Change, at: str) -> list[str]:
    state.files[change["file"]] = {**change, "at": at}
    return []


CHANGES: dict[str, Callable[[Copy, Change, str], list[str]]] = {
    "move": _move,
    "reject": _reject,
    "edit_application": _edit_application,
    "edit_candidate": _edit_candidate,
    "tag": _tag,
    "untag": _untag,
    "edit_tag": _edit_tag,
    "edit_stage": _edit_stage,
    "edit_job": _edit_job,
    "add_candidate": _add_candidate,
    "add_application": _add_application,
    "note": _note,
    "link": _link,
    "attach": _attach,
}
