"""Every field of LinkUp's contract lands somewhere, and whatever LinkUp sends can be read and stored."""

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
from integrations.providers.linkup import mapping, payloads
from integrations.rows import read_row
from tests.integrations.providers.kombo.test_nothing_lost import anything, leaves, said, spoiled
from tests.integrations.providers.linkup import rows

FULL = [
    ("candidate", rows.candidate(job_id="4401122334"), payloads.Candidate, mapping.to_candidate),
    ("post", rows.POST, payloads.Post, mapping.to_job),
]
# What the mapping says in our words: theirs → ours.
TRANSLATED = {"PUBLISHED": "open", "2026-04-20 09:30:00": "2026-04-20T09:30:00.000Z"}


@pytest.mark.parametrize(
    "path, value, row, shape, to_profile",
    [
        pytest.param(path, value, row, shape, to_profile, id=f"{name}.{path}")
        for name, row, shape, to_profile in FULL
        for path, value in leaves(row)
        if value != ""
    ],
)
def test_every_field_of_the_contract_lands_somewhere(path, value, row, shape, to_profile):
    profile = asdict(to_profile(shape.model_validate(row)))
    assert TRANSLATED.get(str(value), str(value)) in said(profile), path


CONTRACT = {
    "candidate": "application_id job_id rating is_top_choice top_choice_message first_name last_name full_name "
    "headline public_identifier profile_url location experiences application_date education",
    "post": "job_id title company location status description",
}


@pytest.mark.parametrize("name, row, _shape, _to_profile", FULL)
def test_the_rows_above_have_every_field_of_the_contract(name, row, _shape, _to_profile):
    assert set(row) == set(CONTRACT[name].split())


def read(row: Any, shape: Any = payloads.Candidate, to_row: Any = mapping.to_candidate) -> Any:
    return read_row(row, shape, to_row, key="application_id" if shape is payloads.Candidate else "job_id")


def test_fields_that_no_contract_names_are_kept_too():
    found = read(rows.candidate(job_id="1", languages=["French"], screening={"visa": False}))
    assert found.custom_fields["linkup"]["languages"] == ["French"]
    assert found.custom_fields["linkup"]["screening"] == {"visa": False}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_linkup_sends_becomes_a_profile_that_can_be_stored(data):
    row = data.draw(spoiled(rows.CANDIDATE))
    found = read({**row, "application_id": "27110045981", "job_id": "1"})

    assert not isinstance(found, Malformed)
    assert obstacle(Candidate, found.fields) == ""
    assert obstacle(Application, found.applications[0].fields) == ""
    json.dumps(asdict(found), default=str, allow_nan=False, ensure_ascii=False).encode()
    assert "\x00" not in str(asdict(found))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_whatever_a_posting_says_becomes_a_job_that_can_be_stored(data):
    row = data.draw(spoiled({**rows.POST, "id": "kept"}))
    found = read({**row, "job_id": "1"}, payloads.Post, mapping.to_job)

    assert not isinstance(found, Malformed)
    assert obstacle(Job, found.fields) == ""
    json.dumps(asdict(found), default=str, allow_nan=False, ensure_ascii=False).encode()


@settings(max_examples=100, deadline=None)
@given(anything)
def test_a_row_that_is_none_is_set_aside_and_can_be_stored(raw):
    found = read(raw)
    assert isinstance(found, Malformed)
    json.dumps(asdict(found), allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize("wrong", [None, "", "   ", True, 1.5, [], {}, "x" * 201, "a\x00b"])
def test_a_row_without_a_usable_id_is_set_aside_with_its_payload(wrong):
    found = read(rows.candidate(application_id=wrong, job_id="1"))
    assert isinstance(found, Malformed)
    assert (found.reason, found.payload["first_name"]) == ("The row has no usable id.", "Mina")
