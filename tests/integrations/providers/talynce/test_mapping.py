"""Talynce's words in ours, and ours in theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from candidates.domain.profiles import HIDDEN, MISSING, FileProfile
from integrations.providers.talynce import mapping, payloads, statuses
from integrations.providers.talynce import rows as waiting
from tests.integrations.providers.talynce import rows


def candidate(row, options=None):
    return mapping.to_candidate(payloads.Candidate.model_validate(row), options or {})


def application(row, options=None):
    return mapping.to_application(payloads.Application.model_validate(row), options or {})


def job(row, clients=None):
    return mapping.to_job(payloads.Job.model_validate(row), clients or {})


def test_a_person_with_everything():
    found = candidate(rows.DETAIL)
    assert found.fields == {
        "full_name": "Asha Rao",
        "current_company": "Lotus Labs",
        "current_title": "Engineer",
        "source_label": "api",
        "location": {"raw": "Pune"},
        "skills": ["Python", "Docker"],
        "emails": [{"value": "asha@mail.example", "kind": ""}],
        "phones": [{"value": "+91 90000 00001", "kind": ""}, {"value": "+91 90000 00002", "kind": "whatsapp"}],
        "compensation": {"current": 16, "expected": 21.5, "currency": "INR", "period": "year", "unit": "LPA"},
        "availability": {
            "notice_period_days": 60,
            "in_notice_period": False,
            "last_working_day": "2026-03-31",
            "preferred_location": "Remote",
        },
    }
    assert found.custom_fields["external_id"] == "A-17"
    assert found.custom_fields["total_experience_years"] == 5.5
    assert found.custom_fields["talynce"]["secondary_skills"] == ["Docker"]
    assert (found.masked, found.changed_at) == (False, datetime(2026, 1, 5, 8, 30, tzinfo=UTC))
    assert [entry.external_id for entry in found.applications] == [rows.LINK]


def test_the_cv_is_known_by_its_address():
    url = "https://files.example/cv/asha%20rao.pdf?id=3"
    found = candidate(rows.detail(resume_url=url)).files
    assert found == [
        FileProfile(
            "resume", name="asha rao.pdf", kind="cv", url=url, version="https://files.example/cv/asha%20rao.pdf"
        )
    ]
    assert candidate(rows.detail(resume_url=None)).files == []


def test_a_row_of_the_list_says_nothing_about_applications():
    assert candidate(rows.LISTED).applications is None


def test_what_is_masked_is_hidden_and_not_empty():
    found = candidate(rows.masked())
    assert found.masked is True
    assert {name for name, value in found.fields.items() if value is HIDDEN} == {"emails", "phones", "compensation"}
    assert (found.files, found.fields["current_company"]) == (None, "Lotus Labs")


def test_what_a_revealed_profile_lacks_is_empty_and_not_hidden():
    found = candidate(rows.masked(talent_pool_status="revealed"))
    assert (found.masked, found.fields["emails"], found.fields["compensation"], found.files) == (False, [], {}, [])


def test_a_masked_profile_shows_what_it_does_show():
    found = candidate(rows.masked(phone_number="+91 90000 00009", expected_ctc=18))
    assert found.fields["phones"] == [{"value": "+91 90000 00009", "kind": ""}]
    assert found.fields["compensation"]["expected"] == 18


def test_one_number_for_both_is_one_number():
    found = candidate(rows.detail(whatsapp_number="+91 90000 00001"))
    assert found.fields["phones"] == [{"value": "+91 90000 00001", "kind": ""}]
    assert found.custom_fields["talynce"]["whatsapp_number"] == "+91 90000 00001"


def test_a_key_that_is_not_there_says_nothing():
    assert candidate({"id": "1"}).fields == {}
    assert candidate({"id": "1"}).files is None


def test_metadata_may_use_our_own_word():
    found = candidate(rows.detail(metadata={"talynce": "x", "external_id": 7}))
    assert found.custom_fields["external_id"] == 7
    assert found.custom_fields["talynce"]["metadata"] == {"talynce": "x"}


def test_an_application_with_everything():
    found = application(rows.APPLICATION)
    assert (found.external_id, found.job_external_id) == (rows.LINK, rows.JOB_ID)
    assert (found.stage_external_id, found.stage_name) == (f"{rows.JOB_ID}:Interview", "Interview")
    assert (found.outcome, found.rejected_at) == ("active", None)
    assert found.fields["applied_at"] == datetime(2026, 1, 4, 10, tzinfo=UTC)
    assert found.fields["scores"] == {"match": 64.5, "screening": 71}
    assert found.fields["upstream_score"] == Decimal("64.5")
    assert found.fields["upstream_note"] == "[2026-01-04] Spoke with her."
    assert found.fields["events"]["shortlisted_at"] == "2026-01-04T12:00:00Z"
    assert found.changed_at == datetime(2026, 1, 4, 12, 3, tzinfo=UTC)
    assert found.custom_fields["round"] == "second"


@pytest.mark.parametrize("status", ["shortlisted", "Shortlisted", " Round 2 ", "R: 2", "面接", "<b>"])
def test_a_status_is_kept_byte_for_byte(status):
    found = application(rows.application(status=status))
    assert found.fields["upstream_status"] == status
    assert statuses.status_of(found.stage_external_id) == status


def test_the_same_status_of_two_jobs_is_two_stages_and_two_spellings_are_two():
    ids = {statuses.stage_id(job_id, status) for job_id in ("a", "b") for status in ("Applied", "applied")}
    assert len(ids) == 4


def test_a_status_that_is_too_long_for_an_id_is_still_its_own_stage():
    ids = [statuses.stage_id(rows.JOB_ID, "x" * 250 + end) for end in ("1", "2")]
    assert ids[0] != ids[1]
    assert max(map(len, ids)) <= 200
    assert statuses.status_of(ids[0]) == ""


@pytest.mark.parametrize(
    "status, outcome",
    [
        ("Applied", "active"),
        ("Rejected", "rejected"),
        ("Hired", "hired"),
        ("Not our fit", "rejected"),  # the stage map says so
        ("On hold", "active"),
    ],
)
def test_what_a_status_says_of_the_candidacy(status, outcome):
    found = application(rows.application(status=status), {"reject_status": "Not our fit"})
    assert found.outcome == outcome
    assert (found.rejected_at is not None) == (outcome == "rejected")


def test_statuses_stand_in_the_order_of_a_pipeline():
    words = ["Applied", "Screening", "Interview", "Offered", "Hired", "Rejected"]
    assert sorted(words, key=statuses.position) == words


def test_an_application_without_a_status_has_no_stage():
    found = application(rows.application(status=None))
    assert (found.stage_external_id, found.stage_name, found.outcome) == (None, "", MISSING)


def test_a_job():
    found = job(rows.JOB, {rows.JOB["client_id"]: "Lotus Labs"})
    assert found.fields["title"] == "Python Developer"
    assert (found.fields["status"], found.fields["workplace"]) == ("closed", "hybrid")
    assert found.fields["location"] == {"raw": "Pune; Remote"}
    assert found.custom_fields["client"] == "Lotus Labs"
    assert found.stages is None


def test_a_plain_description_becomes_paragraphs_without_markup_of_its_own():
    found = job({**rows.JOB, "jd_text": None, "description": "One <b>\n\nTwo"})
    assert found.fields["description_html"] == "<p>One &lt;b&gt;</p><p>Two</p>"


# ---- what tells a row from what it said last time


def test_a_row_of_the_list_and_its_detail_agree():
    brief, whole = waiting.listed(rows.LISTED, {}), waiting.detailed(rows.DETAIL, {})
    assert whole.fingerprint.startswith(brief.fingerprint)
    assert (len(brief.fingerprint), len(whole.fingerprint), brief.is_brief) == (32, 64, True)


@pytest.mark.parametrize(
    "change, is_news",
    [
        ({"updated_at": "2026-02-01T00:00:00Z"}, False),
        ({"applications": [rows.application(updated_at="2026-02-01T00:00:00Z")]}, False),
        ({"resume_url": "https://files.example/asha.pdf?X-Amz-Signature=2"}, False),
        ({"resume_url": "https://files.example/asha.pdf?id=2"}, True),
        ({"applications": [rows.application(status="Hired")]}, True),
        ({"applications": [rows.application(notes="More")]}, True),
        ({"location": "Delhi"}, True),
        ({"something_new": 1}, True),
    ],
)
def test_only_what_says_something_new_changes_the_hash(change, is_news):
    before, after = waiting.detailed(rows.DETAIL, {}), waiting.detailed(rows.detail(**change), {})
    assert (before.fingerprint != after.fingerprint) is is_news


def test_another_word_for_rejection_reads_everybody_anew():
    one, other = (waiting.detailed(rows.DETAIL, {"reject_status": word}) for word in ("Rejected", "No"))
    assert one.fingerprint != other.fingerprint


# ---- the other way


def test_our_fields_in_their_words():
    ours = {
        "full_name": "Asha R. Rao",
        "current_title": "Lead engineer",
        "emails": [{"value": "asha@new.example", "kind": ""}],
        "phones": [{"value": "+91 1", "kind": "whatsapp"}],
        "location": {"city": "Delhi", "country": "India"},
        "skills": ["Docker", "Go"],
        "compensation": {"current": 16, "expected": 24, "unit": "LPA"},
        "availability": {"notice_period_days": 30, "preferred_location": "Remote"},
        "headline": "no counterpart",
    }
    assert mapping.to_changes(ours, rows.DETAIL) == {
        "full_name": "Asha R. Rao",
        "current_designation": "Lead engineer",
        "email": "asha@new.example",
        "phone_number": None,
        "whatsapp_number": "+91 1",
        "location": "Delhi, India",
        "primary_skills": ["Go"],
        "expected_ctc": 24,
        "notice_period_days": 30,
        "in_notice_period": None,
        "last_working_day": None,
    }


def test_what_is_so_already_is_not_sent():
    assert mapping.to_changes(candidate(rows.DETAIL).fields, rows.DETAIL) == {}


def test_an_address_is_not_taken_away_and_other_money_is_not_theirs():
    ours = {"emails": [], "full_name": "", "compensation": {"current": 90_000, "currency": "EUR"}}
    assert mapping.to_changes(ours, rows.DETAIL) == {}
