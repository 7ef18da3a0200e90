"""Every field of Talynce's contract lands somewhere, and whatever Talynce sends can be read and stored."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates.domain.intake.checking import obstacle
from candidates.domain.profiles import Malformed
from candidates.models import Application, Candidate, Job
from integrations.providers.talynce import mapping, payloads
from integrations.providers.talynce import rows as waiting
from tests.integrations.providers.kombo.test_nothing_lost import anything, leaves, said, spoiled
from tests.integrations.providers.talynce import rows

FULL = [
    ("candidate", rows.DETAIL, payloads.Candidate, lambda payload: mapping.to_candidate(payload, {})),
    ("application", rows.APPLICATION, payloads.Application, lambda payload: mapping.to_application(payload, {})),
    ("job", rows.JOB, payloads.Job, lambda payload: mapping.to_job(payload, {})),
]


def everything(profile: Any) -> set[str]:
    found = said(asdict(profile))
    return (
        found | {text.replace(".000Z", "Z") for text in found} | {part for text in found for part in text.split("; ")}
    )


@pytest.mark.parametrize(
    "path, value, row, shape, to_profile",
    [
        pytest.param(path, value, row, shape, to_profile, id=f"{name}.{path}")
        for name, row, shape, to_profile in FULL
        for path, value in leaves(row)
    ],
)
def test_every_field_of_the_contract_lands_somewhere(path, value, row, shape, to_profile):
    assert str(value) in everything(to_profile(shape.model_validate(row))), path


CONTRACT = {
    "candidate": "id full_name email phone_number whatsapp_number location preferred_location primary_skills "
    "secondary_skills skill_array total_experience_years current_company current_designation current_ctc expected_ctc "
    "notice_period_days in_notice_period last_working_day resume_url source screening_score talent_pool_status "
    "metadata created_at updated_at applications",
    "application": "id candidate_id job_id organization_id status screening_score match_score notes shortlisted_at "
    "screening_started_at screening_completed_at status_date outreach_sent_at interest_clicked_at "
    "video_interview_invite_sent_at metadata created_at updated_at",
    "job": "id title jd_text description client_id client_name_not_disclosed client_name locations work_mode job_type "
    "openings_count status min_experience_years max_experience_years currency min_ctc max_ctc ctc_not_disclosed rate "
    "created_at updated_at",
}


@pytest.mark.parametrize("name, row, _shape, _to_profile", FULL)
def test_the_rows_above_have_every_field_of_the_contract(name, row, _shape, _to_profile):
    assert set(row) == set(CONTRACT[name].split())


def applications_of(profile: Any) -> list[tuple[Any, Any]]:
    return [(Application, entry) for entry in getattr(profile, "applications", None) or []]


@pytest.mark.parametrize("kind, row", [("candidate", rows.DETAIL), ("job", rows.JOB)])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_talynce_sends_becomes_a_profile_that_can_be_stored(kind, row, data):
    raw = data.draw(spoiled(row))
    unread = waiting.job(raw, {}) if kind == "job" else waiting.detailed(raw, {})
    found = unread.read()

    assert not isinstance(found, Malformed)
    assert len(unread.fingerprint) == 64
    for model, profile in [(Job if kind == "job" else Candidate, found), *applications_of(found)]:
        assert obstacle(model, {**profile.fields, "custom_fields": profile.custom_fields}) == ""
    json.dumps(asdict(found), default=str, allow_nan=False, ensure_ascii=False).encode()
    assert "\x00" not in str(asdict(found))


@settings(max_examples=40, deadline=None)
@given(anything)
def test_a_row_that_is_none_is_set_aside_and_can_be_stored(raw):
    found = waiting.listed(raw, {}).read()
    assert isinstance(found, Malformed)
    json.dumps(asdict(found), allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize("wrong", [None, "", "   ", True, 1.5, [], {}, "x" * 201, "a\x00b", "a\nb"])
def test_a_row_without_a_usable_id_is_set_aside_with_its_payload(wrong):
    unread = waiting.listed({**rows.LISTED, "id": wrong}, {})
    found = unread.read()
    assert (unread.external_id, type(found)) == ("", Malformed)
    assert (found.reason, found.payload["full_name"]) == ("The row has no usable id.", "Asha Rao")


def test_a_row_nested_too_deeply_is_set_aside():
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    found = waiting.detailed({**rows.DETAIL, "metadata": {"deep": deep}}, {}).read()
    assert isinstance(found, Malformed)
    assert (found.external_id, found.reason) == (rows.ASHA, "The row is nested too deeply.")
