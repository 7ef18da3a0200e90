"""Recruspace's words become ours."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from candidates.domain.profiles import MISSING, FileProfile, StageProfile, TagProfile
from integrations.providers.recruspace import mapping, payloads
from integrations.providers.recruspace.hashing import unread_row
from tests.integrations.providers.recruspace import rows


def to_candidate(**changes: Any):
    return mapping.to_candidate(payloads.Candidate.model_validate(rows.candidate(**changes)))


def to_job(**changes: Any):
    return mapping.to_job(payloads.JobPost.model_validate({**rows.JOB, **changes}))


def the_application(**changes: Any):
    [application] = to_candidate(**changes).applications
    return application


def the_stage(**changes: Any) -> StageProfile:
    substage = copy.deepcopy(rows.CANDIDATE["substage"])
    substage["stage"] |= changes.pop("stage", {})
    return the_application(substage={**substage, **changes}).stage_learned


# ---- people


def test_a_candidate_in_our_words():
    profile = to_candidate()
    assert profile.external_id == "9001"
    assert profile.fields == {
        "first_name": "Deniz",
        "last_name": "Ar",
        "full_name": "Deniz Ar",
        "emails": [{"value": "deniz@mail.example", "kind": ""}],
        "phones": [{"value": "+905550000000", "kind": ""}],
        "location": {"street_1": "Atatürk Blv. 1", "city": "Ankara", "country": "TR"},
        "source_label": "api",
    }
    assert profile.tags == [TagProfile("4", "python"), TagProfile("5", "remote")]
    assert (profile.pools, profile.changed_at, profile.deleted_at) == (None, None, None)


def test_files_are_named_by_what_changes_with_their_content():
    assert to_candidate().files == [
        FileProfile("501", "deniz.pdf", "cv", "", "501:2026-01-04T10:00:00.501Z:84501", application_external_id="9001"),
        FileProfile("502", "deniz.jpg", "photo", "", "502:2026-01-04T10:00:00.502Z:84502"),
    ]
    assert to_candidate(cv=None, photo=None).files == []
    assert mapping.to_candidate(payloads.Candidate.model_validate({"id": 1})).files is None


@pytest.mark.parametrize(
    "own, users, expected",
    [("deniz@mail.example", "u@x.example", "deniz@mail.example"), (None, "u@x.example", "u@x.example")],
)
def test_names_may_stand_under_user_only(own, users, expected):
    profile = to_candidate(email=own, user={"email": users, "first_name": "U", "last_name": "Ser"}, first_name=None)
    assert profile.fields["emails"] == [{"value": expected, "kind": ""}]
    assert profile.fields["full_name"] == "U Ar"


def test_a_key_that_was_not_sent_leaves_its_field_out():
    profile = mapping.to_candidate(payloads.Candidate.model_validate({"id": 1}))
    assert (profile.fields, profile.applications, profile.tags) == ({"full_name": ""}, None, None)
    assert profile.custom_fields == {}


def test_null_everywhere_but_the_id_is_a_candidate_that_says_nothing():
    profile = mapping.to_candidate(payloads.Candidate.model_validate({**dict.fromkeys(rows.DETAIL), "id": 1}))
    assert not any(profile.fields.values())
    assert (profile.applications, profile.tags, profile.files) == ([], None, [])


def test_a_tag_without_a_title_is_kept_for_whoever_looks():
    profile = to_candidate(tags=[{"id": 4, "title": None}])
    assert profile.custom_fields["recruspace"]["tags"] == [{"id": 4, "title": None}]


# ---- applications


def test_a_row_is_one_application_to_its_job():
    application = the_application()
    assert (application.external_id, application.job_external_id) == ("9001", rows.HASH)
    assert (application.job_title, application.outcome) == ("Python Developer", MISSING)
    assert application.fields == {
        "applied_at": datetime(2026, 1, 4, 10, 0, 1, tzinfo=UTC),
        "upstream_score": Decimal("72.0"),
        "upstream_rating": "suitable",
    }
    kept = application.custom_fields["recruspace"]
    assert kept["job_post"] == {"status": "job-status", "pipeline": 3}
    assert (kept["substage"]["id"], kept["substage"]["stage"]["id"]) == (31, 8)
    assert (kept["is_seen"], kept["error_status"], kept["error_logs"]) == (True, False, ["parser gave up"])


@pytest.mark.parametrize("job_post, applications", [(None, []), ({"title": "No hash"}, None)])
def test_a_row_without_a_job_post_is_only_in_the_pool(job_post, applications):
    profile = to_candidate(job_post=job_post)
    assert profile.applications == applications
    kept = profile.custom_fields["recruspace"]
    assert (kept["score"], kept["suitability"], kept["created_at"]) == (72, "suitable", "2026-01-04T10:00:01.000Z")


@pytest.mark.parametrize("score, shown", [(0, Decimal(0)), (-3, Decimal(-3)), (72.456, Decimal("72.46"))])
def test_a_score_is_shown_as_it_is(score, shown):
    assert the_application(score=score).fields["upstream_score"] == shown


@pytest.mark.parametrize("score", [10**6, 1e300, "many", {"a": 1}])
def test_a_score_that_does_not_fit_is_kept(score):
    application = the_application(score=score)
    assert application.fields["upstream_score"] is None
    assert application.custom_fields["recruspace"]["score"] == score


# ---- stages


def test_a_stage_is_learned_from_the_substage():
    application = the_application()
    assert application.stage_learned == StageProfile(
        external_id=f"{rows.HASH}:31",
        name="Talks › CV review",
        position=2_008_012,
        category="interview",
        remote_id="31",
    )
    assert (application.stage_external_id, application.stage_name, application.stage_position) == (
        f"{rows.HASH}:31", "Talks › CV review", 2_008_012,
    )  # fmt: skip


def test_two_jobs_with_one_pipeline_have_stages_of_their_own():
    other = the_application(job_post={"hash": "other", "title": "Other"})
    assert other.stage_external_id == "other:31" != the_application().stage_external_id


def test_an_id_too_long_to_be_composed_is_shortened_the_same_way_each_time():
    first, again = (mapping.stage_id("h" * 199, "31") for _ in range(2))
    assert (first, len(first)) == (again, 64)
    assert mapping.stage_id("h" * 199, "32") != first


@pytest.mark.parametrize(
    "stage, substage, shown",
    [
        ("Screening", "Screening", "Screening"),
        ("Screening", None, "Screening"),
        (None, "Call", "Call"),
        (None, None, ""),
        ("مقابلة", "أولى", "مقابلة › أولى"),
    ],
)
def test_a_stage_is_called_by_both_labels(stage, substage, shown):
    assert the_stage(stage={"name": stage}, name=substage).name == shown


@pytest.mark.parametrize(
    "key, category",
    [("screening", "screening"), ("Applied", "new"), ("HIRED", "hired"), ("rejected", "rejected"), ("offer", "offer")],
)
def test_the_key_says_what_a_stage_is_for(key, category):
    assert the_stage(stage={"key": key}).category == category


@pytest.mark.parametrize("key", [None, "", "custom_7", "🌱"])
def test_a_key_that_nobody_knows_leaves_it_to_the_label(key):
    assert the_stage(stage={"key": key}).category is None


def test_stages_stand_by_what_they_are_for_then_by_age_then_by_queue():
    def place(key: str, number: int, queue: int | None) -> int:
        return the_stage(stage={"key": key, "id": number}, queue=queue).position

    asked = [("applied", 90, 5), ("screening", 1, 0), ("interview", 2, 9), ("interview", 3, 0), ("interview", 3, 1)]
    assert [place(*one) for one in asked] == sorted(place(*one) for one in asked)
    assert all(
        0 <= place("rejected", number, queue) < 2**31 for number in (1, 10**9) for queue in (None, -5, 2**31 - 1)
    )


def test_an_invisible_substage_is_no_target():
    assert (the_stage(is_visible=False).is_active, the_stage(is_visible=None).is_active) == (False, True)


def test_an_application_without_a_substage_has_no_stage():
    application = the_application(substage=None)
    assert (application.stage_external_id, application.stage_learned) == (None, None)


# ---- jobs and pools


def test_a_job_in_our_words():
    profile = to_job()
    assert profile.external_id == rows.HASH
    assert profile.fields == {
        "title": "Python Developer",
        "status": "draft",
        "description_html": "<p>Build things.</p>",
        "employment_type": "full_time",
        "workplace": "hybrid",
        "location": {"raw": "Ankara; Remote"},
    }
    assert (profile.stages, profile.custom_fields["recruspace"]["applicant_count"]) == (None, 10)


@pytest.mark.parametrize(
    "status, shown, kept",
    [("Active", "open", False), ("closed", "closed", False), ("paused_by_admin", "open", True), (None, "open", False)],
)
def test_an_unknown_status_of_a_job_is_shown_as_open_and_kept(status, shown, kept):
    profile = to_job(status=status)
    assert profile.fields["status"] == shown
    assert ("status" in profile.custom_fields["recruspace"]) is kept


@pytest.mark.parametrize("locations", ["Ankara", {"city": "Ankara"}, [{"name": "Ankara"}, {"odd": 1}, None, 3]])
def test_locations_of_any_shape_are_read(locations):
    assert to_job(locations=locations).fields["location"] == {"raw": "Ankara"}


def test_a_pool_in_our_words():
    profile = mapping.to_pool(payloads.Pool.model_validate(rows.POOL))
    assert (profile.external_id, profile.name) == ("12", "Backend 2026")
    assert mapping.to_pool(payloads.Pool.model_validate({"id": 13})).name == "Pool 13"


# ---- what counts as a change


def fingerprint(raw: dict[str, Any], shape: Any = payloads.Candidate, to_row: Any = mapping.to_candidate) -> str:
    return unread_row(raw, shape, to_row).fingerprint


@pytest.mark.parametrize(
    "changes",
    [
        {"cv": rows.file(501, "deniz.pdf", sent="another")},
        {"photo": rows.file(502, "deniz.jpg", sent="another")},
        {"is_seen": False},
        {"tags": rows.CANDIDATE["tags"][::-1]},
    ],
    ids=["link of the CV", "link of the photo", "seen", "order of the tags"],
)
def test_what_changes_by_itself_is_no_change(changes):
    assert fingerprint(rows.candidate(**changes)) == fingerprint(rows.candidate())


@pytest.mark.parametrize(
    "changes",
    [
        {"cv": rows.file(505, "deniz.pdf")},
        {"cv": {**rows.file(501, "deniz.pdf"), "file_size": 1}},
        {"tags": rows.CANDIDATE["tags"][:1]},
        {"score": 73},
        {"substage": {**rows.CANDIDATE["substage"], "id": 32}},
        {"something_new": 1},
    ],
)
def test_what_a_person_changed_is_a_change(changes):
    assert fingerprint(rows.candidate(**changes)) != fingerprint(rows.candidate())


def test_how_many_are_in_a_pool_is_no_change_of_the_pool():
    def of(count: int) -> str:
        return fingerprint({**rows.POOL, "candidate_count": count}, payloads.Pool, mapping.to_pool)

    assert of(41) == of(42)
