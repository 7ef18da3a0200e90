"""Kombo's words become ours."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from candidates.domain.profiles import MISSING, FactsProfile
from integrations.providers.kombo import mapping, payloads
from integrations.providers.kombo.provider import STREAMS
from integrations.rows import read_row
from tests.integrations.providers.kombo import rows


def to_candidate(**changes: Any):
    return mapping.to_candidate(payloads.Candidate.model_validate(rows.candidate(**changes)))


def to_application(row: dict[str, Any]):
    return mapping.to_application(payloads.Application.model_validate(row))


def to_job(**changes: Any):
    return mapping.to_job(payloads.Job.model_validate(rows.job(**changes)))


# ---- candidates


def test_a_candidate_in_our_words():
    profile = to_candidate()

    assert (profile.external_id, profile.remote_id) == ("candidate-id", "candidate-remote")
    assert profile.fields == {
        "first_name": "Amara",
        "last_name": "Okafor",
        "full_name": "Amara Okafor",
        "current_company": "Northwind Traders",
        "current_title": "Data Analyst",
        "source_label": "Careers page",
        "confidential": True,
        "location": {part: rows.LOCATION[part] for part in rows.LOCATION},
        "emails": [{"value": "amara@example.com", "kind": "private"}],
        "phones": [{"value": "+44 20 7946 0011", "kind": "home"}],
        "links": [
            {"value": "https://uk.linkedin.com/in/amara", "kind": "linkedin"},
            {"value": "https://youtube.com/amara", "kind": "youtube"},
        ],
    }
    assert profile.url == "https://ats.example.com/people/88123"
    assert profile.changed_at == datetime(2026, 2, 27, 10, tzinfo=UTC)
    assert profile.deleted_at == datetime(2026, 3, 5, tzinfo=UTC)


def test_custom_fields_are_theirs_on_top_and_the_rest_under_kombo():
    fields = to_candidate().custom_fields

    assert (fields["candidate-key"], fields["Notice period"]) == ("candidate-value", "three months")
    assert fields["kombo"] == {
        "custom_fields": {"kombo": "a field of theirs called like our own"},
        "integration_fields": rows.INTEGRATION_FIELDS,
        "remote_created_at": rows.CREATED,
        "remote_updated_at": "2026-02-21T08:00:00.000Z",
        "remote_data": {"candidate-path": "candidate-data"},
        "social_media": rows.CANDIDATE["social_media"],
    }


def test_a_key_that_was_not_sent_leaves_its_field_out():
    """The seed's snapshot has fewer keys (section 17): what it doesn't say must not be taken for empty."""
    profile = mapping.to_candidate(payloads.Candidate.model_validate({"id": "c"}))

    assert (profile.fields, profile.applications, profile.tags) == ({"full_name": ""}, None, None)
    assert (profile.custom_fields, profile.url, profile.remote_id) == ({}, "", None)


def test_null_everywhere_but_the_id_is_a_candidate_that_says_nothing():
    profile = mapping.to_candidate(
        payloads.Candidate.model_validate(dict.fromkeys(rows.CANDIDATE) | {"id": "c", "applications": [], "tags": []})
    )
    assert not any(profile.fields.values())
    assert (profile.custom_fields, profile.applications, profile.tags) == ({}, [], [])


@pytest.mark.parametrize(
    "first, last, full",
    [
        ("Amara", None, "Amara"),
        (None, "Okafor", "Okafor"),
        (None, None, ""),
        ("", "  ", ""),
        (" Amara ", " Okafor ", "Amara Okafor"),
        ("Jose\u0301", "\u0644\u064a\u0644\u0649", "José \u0644\u064a\u0644\u0649"),
        ("👩‍🔬", "O'Brien", "👩‍🔬 O'Brien"),
        ("a\nb\tc", "\x07d", "a b c d"),
        ("Ada  King", "\u202eecalevoL", "Ada King ecalevoL"),
    ],
)
def test_the_full_name_is_first_and_last(first, last, full):
    assert to_candidate(first_name=first, last_name=last).fields["full_name"] == full


def test_a_name_too_long_for_its_column_is_cut_with_a_mark_and_kept_whole():
    profile = to_candidate(first_name="x" * 5_000, title="y" * 301, company="z" * 300)

    assert (profile.fields["first_name"], profile.fields["current_title"]) == ("x" * 299 + "…", "y" * 299 + "…")
    assert len(profile.fields["full_name"]) == 300
    kept = profile.custom_fields["kombo"]
    assert (kept["first_name"], kept["title"], "company" in kept) == ("x" * 5_000, "y" * 301, False)


def test_what_no_database_takes_is_replaced_and_marked():
    row = read_row(
        rows.candidate(first_name="A\x00b\ud800c", custom_fields={"k\x00": ["\udfff"]}), *STREAMS["candidates"][1:]
    )
    assert row.fields["first_name"] == "A\ufffdb\ufffdc"
    assert row.custom_fields["k\ufffd"] == ["\ufffd"]
    json.dumps(asdict(row), default=str, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "key, wrong, column",
    [
        ("first_name", {"nested": "Amara"}, "first_name"),
        ("confidential", "perhaps", None),
        ("phone_numbers", "+44 20", "phones"),
        ("email_addresses", {"email_address": "a@example.com"}, "emails"),
        ("social_media", 7, "links"),
        ("location", 51.5, "location"),
        ("remote_url", "javascript:alert(1)", None),
        ("custom_fields", ["a"], None),
        ("integration_fields", "none", None),
        ("changed_at", 1_772_000_000, None),
        ("applications", {"id": "a"}, None),
        ("tags", "SQL", None),
    ],
)
def test_a_wrong_type_empties_one_field_and_is_kept(key, wrong, column):
    profile = to_candidate(**{key: wrong})

    assert profile.custom_fields["kombo"][key] == wrong
    assert not profile.fields.get(column or "", None)
    assert profile.fields["last_name"] == "Okafor"


def test_a_location_sent_as_text_is_its_raw_line():
    assert to_candidate(location="London, UK").fields["location"] == {"raw": "London, UK"}


def test_unreadable_entries_of_a_list_are_left_out_and_the_list_is_kept():
    sent = [{"email_address": "a@example.com", "type": None}, "b@example.com", None, {"email_address": None}]
    profile = to_candidate(email_addresses=sent)

    assert profile.fields["emails"] == [{"value": "a@example.com", "kind": ""}]
    assert profile.custom_fields["kombo"]["email_addresses"] == sent


def test_the_same_address_twice_is_one():
    sent = [{"email_address": "A@example.com", "type": "WORK"}, {"email_address": "a@example.com", "type": None}]
    assert to_candidate(email_addresses=sent).fields["emails"] == [{"value": "A@example.com", "kind": "work"}]


@pytest.mark.parametrize(
    "link, kind, value, shown",
    [
        ("https://www.linkedin.com/in/x", None, "https://www.linkedin.com/in/x", "linkedin"),
        ("linkedin.com/in/x", "LINKEDIN", "https://linkedin.com/in/x", "linkedin"),
        ("https://linkedin.com.evil.example/in/x", "OTHER", "https://linkedin.com.evil.example/in/x", "other"),
        ("https://x.example/" + "a" * 1_982, None, "https://x.example/" + "a" * 1_982, ""),
        ("https://x.example/" + "a" * 1_983, None, None, None),
        ("javascript:alert(1)", "LINKEDIN", None, None),
        ("data:text/html,x", None, None, None),
        ("//evil.example", None, None, None),
        ("not a link", None, None, None),
        ("https://a.example/\u202egnp", None, None, None),
    ],
)
def test_only_web_addresses_become_links(link, kind, value, shown):
    profile = to_candidate(social_media=[{"link": link, "type": kind, "username": None}])

    assert profile.fields["links"] == ([{"value": value, "kind": shown}] if value else [])
    assert ("social_media" in profile.custom_fields["kombo"]) == (value is None)


@pytest.mark.parametrize(
    "text, moment",
    [
        ("2026-03-02T09:15:00.000Z", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2026-03-02T11:15:00+02:00", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2026-03-02T09:15:00", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999Z", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("0000-00-00", None),
        ("10000-01-01", None),
        ("1970-01-01T00:00:00.000Z", None),
        ("infinity", None),
        ("yesterday", None),
        (1_772_000_000_000, None),
        (True, None),
    ],
)
def test_times_are_read_tolerantly_and_kept_when_they_say_nothing(text, moment):
    profile = to_candidate(changed_at=text)
    assert profile.changed_at == moment
    assert profile.custom_fields["kombo"].get("changed_at") == (None if moment else text)


def test_a_deletion_whose_time_cannot_be_read_is_still_one():
    assert to_candidate(remote_deleted_at="9999-12-31").deleted_at == datetime(2026, 2, 27, 10, tzinfo=UTC)
    assert to_candidate(remote_deleted_at="?", changed_at=None).deleted_at == datetime(1971, 1, 1, tzinfo=UTC)
    assert to_candidate(remote_deleted_at=None).deleted_at is None


def test_ids_are_text_of_one_form_and_may_be_shared_between_models():
    profile = to_candidate(id=12, tags=[{"id": "12", "name": "SQL"}], applications=[rows.application(id=12)])
    assert (profile.external_id, profile.tags[0].external_id, profile.applications[0].external_id) == ("12",) * 3


# ---- applications


def test_an_application_in_our_words():
    profile = to_application(rows.APPLICATION)

    assert (profile.external_id, profile.remote_id) == ("application-id", "application-remote")
    assert (profile.job_external_id, profile.job_title) == ("job-id", "Reporting analyst")
    assert (profile.stage_external_id, profile.stage_name, profile.stage_position) == ("stage-id", "Phone screen", 4)
    assert (profile.outcome, profile.rejection_reason_name) == ("rejected", "Missing skills")
    assert profile.rejected_at == datetime(2026, 3, 1, 11, 11, 11, tzinfo=UTC)
    assert profile.fields == {"applied_at": datetime(2026, 2, 20, 8, tzinfo=UTC)}
    assert profile.url == "https://ats.example.com/applications/501"


@pytest.mark.parametrize(
    "word, outcome",
    [
        ("PENDING", "active"),
        ("HIRED", "hired"),
        ("DECLINED", "rejected"),
        (" declined ", "rejected"),
        ("ON_HOLD", None),
        (None, None),
        (3, None),
    ],
)
def test_outcomes_are_translated_and_the_word_is_kept(word, outcome):
    profile = to_application(rows.application(outcome=word))
    assert profile.outcome == outcome
    assert profile.custom_fields["kombo"].get("outcome") == word


def test_an_outcome_that_was_not_sent_is_missing():
    row = rows.application()
    del row["outcome"]
    assert to_application(row).outcome is MISSING


def test_an_application_without_job_and_stage():
    profile = to_application(rows.application(job=None, current_stage=None))
    assert (profile.job_external_id, profile.job_title) == (None, "")
    assert (profile.stage_external_id, profile.stage_name, profile.stage_position) == (None, "", None)


def test_an_application_on_its_own_names_job_and_stage_by_id_alone():
    row = {**rows.FULL_APPLICATION, "job": None, "current_stage": None}
    profile = to_application(row)
    assert (profile.job_external_id, profile.stage_external_id) == ("job-id", "stage-id")


def test_screening_answers_of_every_type():
    assert to_application(rows.FULL_APPLICATION).fields["screening_answers"] == [
        {"question": "Right to work?", "type": "boolean", "answer": True},
        {"question": "Tools?", "type": "multi_select", "answer": ["SQL"]},
        {"question": "Years?", "type": "number", "answer": 0},
        {"question": "Why?", "type": "text", "answer": None},
    ]


@pytest.mark.parametrize(
    "index, position", [(0, 0), (3.0, 3), ("2", 2), (1.5, None), (-1, None), (2**40, None), ("NaN", None), ([4], None)]
)
def test_a_stage_index_that_is_no_position_is_kept(index, position):
    stage = {"id": "s", "name": "Screen", "index": index}
    profile = to_application(rows.application(current_stage=stage))
    assert profile.stage_position == position
    assert ("current_stage" in profile.custom_fields["kombo"]) == (position is None)


# ---- jobs


def test_a_job_in_our_words():
    profile = to_job()

    assert profile.fields == {
        "title": "Reporting analyst",
        "status": "closed",
        "code": "RA-26",
        "department": "Finance",
        "description_html": "<p>Build dashboards.</p>",
        "location": rows.LOCATION,
        "employment_type": "FULL_TIME",
        "workplace": "HYBRID",
        "opened_at": datetime(2026, 2, 1, tzinfo=UTC),
        "closed_at": datetime(2027, 4, 1, tzinfo=UTC),
        "confidential": True,
    }
    assert profile.hiring_team == [{"name": "Leo Brandt", "email": "leo@example.com", "roles": ["Lead"]}]
    assert profile.custom_fields["job-key"] == "job-value"
    assert profile.custom_fields["kombo"]["salary_amount_to"] == 67_000


@pytest.mark.parametrize(
    "word, status",
    [
        ("OPEN", "open"),
        ("CLOSED", "closed"),
        ("DRAFT", "draft"),
        ("ARCHIVED", "archived"),
        ("Evergreen", "open"),
        (None, "open"),
    ],
)
def test_job_statuses_are_translated_and_an_unknown_word_is_kept(word, status):
    profile = to_job(status=word)
    assert profile.fields["status"] == status
    assert profile.custom_fields["kombo"].get("status") == ("Evergreen" if word == "Evergreen" else None)


def test_stages_stand_in_the_order_of_their_index_and_those_without_one_last():
    sent = [
        {"id": "d", "name": "No index", "index": None},
        {"id": "c", "name": "Offer", "index": 7},
        {"id": "e", "name": "None either"},
        {"id": "a", "name": "Applied", "index": 0, "status": "INACTIVE"},
        {"id": "b", "name": "Screen", "index": 2.5, "status": "PAUSED"},
    ]
    stages = to_job(stages=sent).stages

    assert [(stage.external_id, stage.position) for stage in stages] == [
        ("a", 0), ("b", 1), ("c", 2), ("d", 3), ("e", 4)
    ]  # fmt: skip
    assert [stage.is_active for stage in stages] == [False, True, True, True, True]
    assert stages[1].custom_fields["kombo"] == {"index": 2.5, "status": "PAUSED"}


def test_stages_that_the_source_does_not_say_are_not_an_empty_pipeline():
    row = rows.job()
    del row["stages"]
    assert mapping.to_job(payloads.Job.model_validate(row)).stages is None
    assert to_job(stages=None).stages is None
    assert to_job(stages=[]).stages == []


def facts(**parts):
    return mapping.to_facts(payloads.Facts.model_validate({"id": rows.APPLICATION["id"], **parts}))


def test_interviews_come_by_their_time_with_what_people_want_to_know():
    later = {"id": "i-2", "title": "Panel", "starting_at": "2026-03-05T09:00:00.000Z", "location": {"city": "Oslo"}}
    first = {
        "id": "i-1",
        "title": None,
        "starting_at": "2026-03-04T09:00:00.000Z",
        "canceled": True,
        "location": "Room 2",
    }

    found = facts(interviews=[later, first], offers=[{"id": "o", "status": "SENT"}]).interviews

    assert [(one["title"], one["place"], one["cancelled"]) for one in found] == [
        ("", "Room 2", True),
        ("Panel", "Oslo", False),
    ]


def test_facts_that_are_not_sent_say_nothing_and_lists_without_entries_say_so():
    assert facts() == FactsProfile(rows.APPLICATION["id"], MISSING, MISSING, MISSING)
    assert facts(interviews=[], offers=[], screening_question_answers=[]) == FactsProfile(
        rows.APPLICATION["id"], MISSING, [], []
    )
    assert facts(interviews="soon", offers=None).interviews is MISSING
    odd = facts(offers=[{"id": "o", "status": "DECLINED_BY_US", "employment_start_date": "2026-05-01"}, 7])
    assert odd.offers == [{"status": "declined by us", "starts_on": "2026-05-01"}]
