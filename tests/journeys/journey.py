"""The main journey through the public API: import, review, decide, and the provider is told once."""

from __future__ import annotations

from typing import Any

import httpx

from tests.journeys.stack import Stack, wait_for

FINISHED = ("succeeded", "partial", "failed", "cancelled")


def get(api: httpx.Client, path: str, **params: Any) -> dict[str, Any]:
    answer = api.get(path, params=params or None)  # an empty dict would cut the query off
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer.json()


def every(api: httpx.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    page = get(api, path, page_size=200, **params)
    rows = page["results"]
    while page["next"]:
        page = get(api, page["next"])
        rows += page["results"]
    return rows


def imported(api: httpx.Client, connection: str, *, seconds: float = 120) -> dict[str, Any]:
    """The newest run of the connection, once it is over."""

    def over() -> dict[str, Any] | None:
        runs = get(api, "sync-runs/", connection=connection)["results"]
        return runs[0] if runs and runs[0]["state"] in FINISHED else None

    return wait_for(over, seconds, f"the import did not end: {get(api, 'sync-runs/')['results'][:1]}")


def settled(api: httpx.Client, push: str, *, seconds: float = 90) -> dict[str, Any]:
    ends = ("confirmed", "refused", "not_offered", "superseded", "cancelled", "unknown", "conflict")

    def over() -> dict[str, Any] | None:
        found = get(api, f"pushes/{push}/")
        return found if found["state"] in ends else None

    return wait_for(over, seconds, f"the push did not end: {get(api, f'pushes/{push}/')}")


def movable(api: httpx.Client) -> tuple[dict[str, Any], dict[str, Any]]:
    """An active application that Kombo knows, and another stage of its job."""
    jobs = {job["id"]: job for job in every(api, "jobs/")}
    for application in every(api, "applications/", outcome="active", source="kombo"):
        job = jobs.get(application["job"] and _id(application["job"]))
        stages = [
            stage for stage in (job or {"stages": []})["stages"] if stage["category"] not in ("hired", "rejected")
        ]
        others = [stage for stage in stages if application["stage"] and stage["id"] != _id(application["stage"])]
        if others and application["upstream"]:
            return application, others[0]
    raise AssertionError("no application can be moved")


def _id(thing: Any) -> str:
    return thing["id"] if isinstance(thing, dict) else thing


def main_journey(stack: Stack, recruiter: httpx.Client, connection: str) -> None:
    """Expects an import under way. Ends with one move and one rejection that Kombo has been told exactly once."""
    run = imported(recruiter, connection)
    assert run["state"] in ("succeeded", "partial"), run
    for stream in run["streams"]:
        parts = ("created", "updated", "unchanged", "set_aside", "skipped")
        assert stream["fetched"] == sum(stream.get(part, 0) for part in parts), stream
    people = every(recruiter, "candidates/")
    assert len(people) == len({person["id"] for person in people}) > 100

    application, stage = movable(recruiter)
    path = f"applications/{application['id']}/"
    assert recruiter.put(f"{path}review/", json={"verdict": "yes", "comment": "Runs it."}).status_code in (200, 201)
    moved = recruiter.post(f"{path}move/", json={"stage": stage["id"]}, headers={"Idempotency-Key": "move-1"})
    again = recruiter.post(f"{path}move/", json={"stage": stage["id"]}, headers={"Idempotency-Key": "move-1"})
    assert (moved.status_code, again.json()) == (200, moved.json()), moved.text
    assert settled(recruiter, moved.json()["pushes"][0]["id"])["state"] == "confirmed"

    reason = next(reason for reason in every(recruiter, "rejection-reasons/") if reason["upstream"])
    rejected = recruiter.post(f"{path}reject/", json={"reason": reason["id"], "note": "Too far away."})
    assert rejected.status_code == 200, rejected.text
    assert settled(recruiter, rejected.json()["pushes"][0]["id"])["state"] == "confirmed"

    assert [(write["kind"], write["status"]) for write in stack.told()] == [("move", 200), ("reject", 200)]
    assert get(recruiter, path)["outcome"] == "rejected"
    assert recruiter.post(f"connections/{connection}/sync/", json={"mode": "incremental"}).status_code == 202
    imported(recruiter, connection)
    assert get(recruiter, path)["outcome"] == "rejected", "an import undid a decision"
    assert len(stack.told()) == 2
