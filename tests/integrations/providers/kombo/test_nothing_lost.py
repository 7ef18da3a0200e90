"""Every field of Kombo's contract lands somewhere, and whatever Kombo sends can be read and stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates.domain.profiles import Malformed
from integrations.providers.kombo import mapping, payloads
from integrations.providers.kombo.provider import STREAMS
from integrations.rows import read_row
from tests.integrations.providers.kombo import rows

# ---- every field of the contract lands somewhere


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in a row with the path that leads to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")
    elif value is not None:
        yield path, value


def said(value: Any) -> set[str]:
    """Every text, number and time that a profile holds, in one form for both sides."""
    if isinstance(value, dict):
        return {text for item in value.items() for part in item for text in said(part)}
    if isinstance(value, list | tuple):
        return {text for part in value for text in said(part)}
    if isinstance(value, datetime):
        return {value.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    return {str(value)}


FULL = [
    ("candidate", rows.CANDIDATE, payloads.Candidate, mapping.to_candidate),
    ("application", rows.FULL_APPLICATION, payloads.Application, mapping.to_application),
    ("job", rows.JOB, payloads.Job, mapping.to_job),
    ("tag", rows.NAMED, payloads.Named, mapping.to_tag),
    ("reason", rows.NAMED, payloads.Named, mapping.to_reason),
]
# What the mapping says in our words: theirs → ours.
TRANSLATED = {"CLOSED": "closed", "HOME": "home", "PRIVATE": "private", "ACTIVE": "True"}


@pytest.mark.parametrize(
    "path, value, row, shape, to_profile",
    [
        pytest.param(path, value, row, shape, to_profile, id=f"{name}.{path}")
        for name, row, shape, to_profile in FULL
        for path, value in leaves(row)
    ],
)
def test_every_field_of_the_contract_lands_somewhere(path, value, row, shape, to_profile):
    profile = asdict(to_profile(shape.model_validate(row)))
    assert TRANSLATED.get(str(value), str(value)) in said(profile), path


CONTRACT = {
    "candidate": "id remote_id first_name last_name company title confidential source phone_numbers email_addresses "
    "social_media location custom_fields integration_fields remote_url remote_created_at remote_updated_at remote_data "
    "changed_at remote_deleted_at applications tags",
    "application": "id remote_id outcome rejection_reason_name rejected_at current_stage_id job_id candidate_id "
    "screening_question_answers custom_fields integration_fields remote_url changed_at remote_deleted_at "
    "remote_created_at remote_updated_at remote_data candidate current_stage job interviews offers",
    "job": "id remote_id name job_code description confidential weekly_hours employment_type status visibility "
    "category department post_url experience_level remote_work_status salary_amount salary_amount_from "
    "salary_amount_to salary_currency salary_period location custom_fields integration_fields "
    "remote_url opened_at closed_at remote_created_at remote_updated_at contact_id remote_data changed_at "
    "remote_deleted_at stages screening_questions job_postings hiring_team",
    "tag": "id remote_id name remote_data changed_at remote_deleted_at",
    "reason": "id remote_id name remote_data changed_at remote_deleted_at",
}


@pytest.mark.parametrize("name, row, _shape, _to_profile", FULL)
def test_the_rows_above_have_every_field_of_the_contract(name, row, _shape, _to_profile):
    assert set(row) == set(CONTRACT[name].split())


# ---- anything at all

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)


def spoiled(row: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The row with anything in place of some of its values, outside and inside its lists."""
    inside = [key for key, value in row.items() if isinstance(value, list) and value and isinstance(value[0], dict)]

    def inner(key: str) -> st.SearchStrategy[Any]:
        entry = row[key][0]
        return anything | st.lists(anything | st.fixed_dictionaries({**dict.fromkeys(entry, anything)}), max_size=2)

    changes = {key: inner(key) if key in inside else anything for key in row if key != "id"}
    return st.fixed_dictionaries({}, optional=changes).map(lambda found: {**row, **found})


@pytest.mark.parametrize(
    "stream, row",
    [
        ("candidates", rows.CANDIDATE),
        ("jobs", rows.JOB),
        ("tags", rows.NAMED),
        ("rejection_reasons", rows.NAMED),
    ],
)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_kombo_sends_becomes_a_profile_that_can_be_stored(stream, row, data):
    found = read_row(data.draw(spoiled(row)), *STREAMS[stream][1:])

    assert not isinstance(found, Malformed)
    json.dumps(asdict(found), default=str, allow_nan=False, ensure_ascii=False).encode()
    assert "\x00" not in str(asdict(found))


@settings(max_examples=200, deadline=None)
@given(anything)
def test_a_row_that_is_none_is_set_aside_and_can_be_stored(raw):
    found = read_row(raw, *STREAMS["candidates"][1:])
    assert isinstance(found, Malformed)
    json.dumps(asdict(found), allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize("wrong", [None, "", "   ", True, 1.5, [], {}, "x" * 201, "a\x00b", "a\nb"])
def test_a_row_without_a_usable_id_is_set_aside_with_its_payload(wrong):
    found = read_row(rows.candidate(id=wrong), *STREAMS["candidates"][1:])
    assert isinstance(found, Malformed)
    assert (found.reason, found.payload["first_name"]) == ("The row has no usable id.", "Amara")
    assert len(found.external_id) <= 200


def test_a_row_nested_too_deeply_is_set_aside():
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    found = read_row(rows.candidate(custom_fields={"deep": deep}), *STREAMS["candidates"][1:])
    assert isinstance(found, Malformed)
    assert (found.external_id, found.reason) == ("candidate-id", "The row is nested too deeply.")
    assert len(json.dumps(found.payload)) < 10_000
