"""Every field of Recruspace's contract lands somewhere, and whatever it sends can be read and stored."""

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
from integrations.providers.recruspace import mapping, payloads
from integrations.providers.recruspace.hashing import unread_row
from tests.integrations.providers.recruspace import rows


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


SHAPES = {
    "candidate": (payloads.Candidate, mapping.to_candidate, "id"),
    "pool": (payloads.Pool, mapping.to_pool, "id"),
    "job": (payloads.JobPost, mapping.to_job, "hash"),
}
FULL = [
    ("candidate", rows.CANDIDATE, "candidate"),
    ("pool-only candidate", rows.candidate(job_post=None), "candidate"),
    ("detail", rows.DETAIL, "candidate"),
    ("pool", rows.POOL, "pool"),
    ("job", rows.JOB, "job"),
]


def read(raw: Any, shape: str) -> Any:
    model, to_row, key = SHAPES[shape]
    return unread_row(raw, model, to_row, key=key).read()


def is_left_out(path: str) -> bool:
    """Links that live for minutes; copies of people that their own rows bring; a count that each walk makes anew."""
    return path.endswith("presigned_url") or path.startswith("example_candidates") or path == "candidate_count"


@pytest.mark.parametrize(
    "path, value, row, shape",
    [
        pytest.param(path, value, row, shape, id=f"{name}.{path}")
        for name, row, shape in FULL
        for path, value in leaves(row)
        if not is_left_out(path)
    ],
)
def test_every_field_of_the_contract_lands_somewhere(path, value, row, shape):
    assert str(value) in said(asdict(read(row, shape))), path


@pytest.mark.parametrize("name, row, shape", FULL, ids=[name for name, _row, _shape in FULL])
def test_no_link_that_expires_is_kept(name, row, shape):
    assert "sig=abc" not in str(asdict(read(row, shape)))


CONTRACT = {
    "candidate": "id entry_method source_platform job_post initial_applied_job_post email first_name last_name cv "
    "photo phone_number address city country score is_seen created_at tags suitability substage error_status "
    "error_logs",
    "detail": "company user",
    "pool": "id candidate_count created_by name created_at",
    "job": "hash applicant_count created_by title description status employment_type workplace_type locations pipeline "
    "example_candidates",
    "file": "id path name type file_size base presigned_url uploaded_at",
    "job_post": "hash title status pipeline",
    "substage": "id name queue is_visible created_at email_template stage",
    "stage": "id name key created_at pipeline",
    "user": "id user role",
}


@pytest.mark.parametrize(
    "name, row",
    [
        ("candidate", rows.CANDIDATE),
        ("pool", rows.POOL),
        ("job", rows.JOB),
        ("file", rows.CANDIDATE["cv"]),
        ("file", rows.CANDIDATE["photo"]),
        ("job_post", rows.CANDIDATE["job_post"]),
        ("job_post", rows.CANDIDATE["initial_applied_job_post"]),
        ("substage", rows.CANDIDATE["substage"]),
        ("stage", rows.CANDIDATE["substage"]["stage"]),
        ("user", rows.USER),
    ],
)
def test_the_rows_above_have_every_field_of_the_contract(name, row):
    assert set(row) == set(CONTRACT[name].split())


def test_the_detail_has_the_rows_fields_and_its_own():
    assert set(rows.DETAIL) == set(f"{CONTRACT['candidate']} {CONTRACT['detail']}".split())


# ---- anything at all

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)


def spoiled(row: dict[str, Any], key: str) -> st.SearchStrategy[dict[str, Any]]:
    """The row with anything in place of some of its values, outside and one level inside."""

    def inner(value: Any) -> st.SearchStrategy[Any]:
        entry = value[0] if isinstance(value, list) and value else value
        if not isinstance(entry, dict):
            return anything
        one = st.fixed_dictionaries({}, optional=dict.fromkeys(entry, anything)).map(lambda found: {**entry, **found})
        return anything | one | st.lists(anything | one, max_size=2)

    changes = {name: inner(value) for name, value in row.items() if name != key}
    return st.fixed_dictionaries({}, optional=changes).map(lambda found: {**row, **found})


@pytest.mark.parametrize("row, shape", [(rows.DETAIL, "candidate"), (rows.POOL, "pool"), (rows.JOB, "job")])
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_whatever_recruspace_sends_becomes_a_profile_that_can_be_stored(row, shape, data):
    found = read(data.draw(spoiled(row, SHAPES[shape][2])), shape)

    assert not isinstance(found, Malformed)
    json.dumps(asdict(found), default=str, allow_nan=False, ensure_ascii=False).encode()
    assert "\x00" not in str(asdict(found))


@settings(max_examples=100, deadline=None)
@given(anything)
def test_a_row_that_is_none_is_set_aside_and_can_be_stored(raw):
    found = read(raw, "candidate")
    assert isinstance(found, Malformed)
    json.dumps(asdict(found), allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize("wrong", [None, "", "   ", True, 1.5, [], {}, "x" * 201, "a\x00b", "a\nb"])
def test_a_row_without_a_usable_id_is_set_aside_with_its_payload(wrong):
    found = read(rows.candidate(id=wrong), "candidate")
    assert isinstance(found, Malformed)
    assert (found.reason, found.payload["first_name"]) == ("The row has no usable id.", "Deniz")


def test_a_row_nested_too_deeply_is_set_aside():
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    found = read(rows.candidate(error_logs=deep), "candidate")
    assert isinstance(found, Malformed)
    assert (found.external_id, found.reason) == ("9001", "The row is nested too deeply.")
