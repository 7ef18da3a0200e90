"""LinkUp's words in ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from candidates.domain.profiles import MISSING, CandidateProfile
from integrations.providers.linkup import mapping, payloads
from tests.integrations.providers.linkup import rows


def person(**changes: Any) -> CandidateProfile:
    return mapping.to_candidate(payloads.Candidate.model_validate(rows.candidate(job_id="4401122334", **changes)))


def only(**fields: Any) -> CandidateProfile:
    row = {"application_id": "27110045981", "job_id": "4401122334", **fields}
    return mapping.to_candidate(payloads.Candidate.model_validate(row))


def test_a_row_is_an_application_and_the_person_behind_it_known_by_job_and_application():
    found = person()
    application = found.applications[0]

    assert found.external_id == application.external_id == "4401122334:27110045981"
    assert (found.remote_id, application.job_external_id) == ("27110045981", "4401122334")
    assert mapping.application_id(found.external_id) == "27110045981"
    assert found.fields["links"] == [{"value": "https://www.linkedin.com/in/mina-petrov-07", "kind": "linkedin"}]
    assert (found.fields["current_title"], found.fields["current_company"]) == ("Operations Lead", "Blue Freight")
    assert [(file.kind, file.application_external_id) for file in found.files] == [("cv", application.external_id)]


@pytest.mark.parametrize("rating", ["GOOD", "GOOD_FIT", "MAYBE", "NOT_A_FIT", "UNRATED", "A word of tomorrow "])
def test_the_rating_is_a_signal_of_the_source_kept_byte_for_byte_and_no_outcome(rating):
    application = person(rating=rating).applications[0]
    assert application.fields["upstream_rating"] == rating
    assert application.outcome is MISSING


def test_the_top_choice_is_the_candidates_own_mark_with_its_line_breaks():
    application = person(top_choice_message="One.\n\nTwo.").applications[0]
    assert (application.fields["top_choice"], application.fields["top_choice_message"]) == (True, "One.\n\nTwo.")
    assert person(is_top_choice=False, top_choice_message="").applications[0].fields["top_choice_message"] == ""


@pytest.mark.parametrize(
    "text, expected",
    [
        ("3/2022 - Present", ("2022-03", None, True)),
        ("9/2019 - 2/2022", ("2019-09", "2022-02", False)),
        ("12/2020 – present", ("2020-12", None, True)),
        ("2019 - 2021", ("2019-01", "2021-01", False)),
        ("13/2020 - 1/2021", (None, "2021-01", False)),
        ("since spring", (None, None, False)),
        ("", (None, None, False)),
    ],
)
def test_month_ranges(text, expected):
    assert mapping.months(text) == expected


def test_a_range_that_cannot_be_read_stays_readable():
    found = person(experiences=[{"title": "Cook", "company": "Mar", "date_range": "since spring"}]).fields[
        "experiences"
    ]
    assert [(entry["title"], entry["raw"], entry["start"]) for entry in found] == [("Cook", "since spring", None)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026-04-20 09:30:00", datetime(2026, 4, 20, 9, 30, tzinfo=UTC)),
        ("2026-04-20 9:30 AM", datetime(2026, 4, 20, tzinfo=UTC)),
        ("2026-04-20T09:30:00.000000", datetime(2026, 4, 20, 9, 30, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_the_date_of_an_application_is_optional_and_in_utc(text, expected):
    assert person(application_date=text).applications[0].fields["applied_at"] == expected
    assert "applied_at" not in only(first_name="Mina").applications[0].fields


def test_a_row_with_nothing_but_ids_is_a_person_without_a_name():
    found = only()
    assert found.fields == {"full_name": ""}
    assert (found.custom_fields, found.applications[0].fields) == ({}, {})


def test_a_slug_makes_the_link_where_there_is_none_and_is_kept_where_they_differ():
    assert only(public_identifier="åse-lund").fields["links"] == [
        {"value": "https://www.linkedin.com/in/%C3%A5se-lund", "kind": "linkedin"}
    ]
    agreed = only(public_identifier="åse", profile_url="https://www.linkedin.com/in/%C3%A5se/")
    assert agreed.custom_fields == {}
    assert person().custom_fields["linkup"]["public_identifier"] == "mina-petrov-new"
    assert only(profile_url="javascript:alert(1)").fields["links"] == []


def test_addresses_are_taken_where_they_come():
    found = only(email="mina@example.com", phone="+33 6 12 34 56 78").fields
    assert (found["emails"], found["phones"]) == (
        [{"value": "mina@example.com", "kind": ""}],
        [{"value": "+33 6 12 34 56 78", "kind": ""}],
    )


@pytest.mark.parametrize(
    "row",
    [
        {"job_id": 4401122334, "title": "Warehouse Manager"},
        {"id": "4401122334", "job_title": "Warehouse Manager", "state": "LISTED"},
        {"job_posting_id": "4401122334", "name": "Warehouse Manager"},
    ],
)
def test_a_posting_is_read_by_likely_names(row):
    found = mapping.to_job(payloads.Post.model_validate(row))
    assert (found.external_id, found.fields["title"], found.stages) == ("4401122334", "Warehouse Manager", None)


def test_an_unknown_status_of_a_posting_counts_as_open_and_is_kept():
    found = mapping.to_job(payloads.Post.model_validate(rows.post(status="IN_REVIEW")))
    assert (found.fields["status"], found.custom_fields["linkup"]["status"]) == ("open", "IN_REVIEW")
