"""Suggestions, merge and undo, and rows that are somebody else's, through the API."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.domain.duplicates import look_for_duplicates
from candidates.models import Candidate, CandidateMerge, Duplicate
from tests import factories as make


@pytest.fixture
def pair(cast):
    """Two applicants of Rob's job who may be one."""
    first = make.make_candidate(cast.team, "Ada Lovelace", email="ada@example.org", headline="Analyst")
    second = make.make_candidate(cast.team, "A. Lovelace", email="ada@example.org", headline="Poet")
    for person in (first, second):
        make.make_application(person, cast.job)
    look_for_duplicates(cast.team.pk, [first.pk, second.pk])
    return first, second


def test_suggestions_are_listed_with_reasons_the_likeliest_first(cast, pair):
    for _ in range(2):
        make.make_candidate(cast.team, "Grace Hopper", current_company="Navy")
    look_for_duplicates(cast.team.pk, list(Candidate.objects.values_list("pk", flat=True)))

    found = cast.ana.get("duplicates/").json()

    assert [row["score"] for row in found["results"]] == [95, 70]
    first = found["results"][0]
    assert [first["first"]["full_name"], first["second"]["full_name"]] == ["Ada Lovelace", "A. Lovelace"]
    assert first["reasons"] == [{"kind": "email", "words": "the same e-mail address"}]
    assert (first["words"], first["state"], first["decided_by"]) == ("The same e-mail address", "open", None)
    page = cast.ana.get("duplicates/?page_size=1").json()
    assert [row["score"] for row in cast.ana.get(page["next"]).json()["results"]] == [70]
    assert len(cast.ana.get(f"duplicates/?candidate={pair[0].pk}").json()["results"]) == 1
    assert len(cast.ana.get("duplicates/?min_score=96").json()["results"]) == 0


def test_the_list_costs_the_same_for_one_and_for_thirty(cast):
    costs = []
    for size in (1, 30):
        for number in range(size):
            for _ in range(2):
                make.make_candidate(cast.team, "Grace Hopper", email=f"g{size}-{number}@example.org")
        look_for_duplicates(cast.team.pk, list(Candidate.objects.values_list("pk", flat=True)))
        cast.ana.get("duplicates/")
        with CaptureQueriesContext(connection) as queries:
            cast.ana.get("duplicates/")
        costs.append(len(queries))

    assert Duplicate.objects.count() == 31
    assert costs[0] == costs[1]


def test_a_dismissed_suggestion_is_remembered_by_whom(cast, pair):
    found = Duplicate.objects.get()

    answer = cast.ana.post(f"duplicates/{found.pk}/dismiss/")

    assert answer.status_code == 200
    assert answer.json()["state"] == "different"
    assert answer.json()["decided_by"]["name"] == "Ana Koc"
    assert cast.ana.get("duplicates/").json()["results"] == []
    assert len(cast.ana.get("duplicates/?state=different").json()["results"]) == 1
    assert cast.ana.post(f"duplicates/{found.pk}/dismiss/").status_code == 409


def test_the_preview_says_what_differs_and_which_value_wins(cast, pair):
    first, second = pair

    found = cast.ana.get(f"candidates/{first.pk}/merge/?other={second.pk}").json()

    assert found["survivor"] == {"id": str(first.pk), "full_name": "Ada Lovelace"}
    assert {row["field"]: (row["choice"], row["result"]) for row in found["differences"]} == {
        "full_name": ("ours", "Ada Lovelace"),
        "headline": ("ours", "Analyst"),
    }
    assert found["differences"][0]["choices"] == ["ours", "theirs"]


def test_two_become_one_and_the_old_address_leads_on(cast, pair):
    first, second = pair

    answer = cast.ana.post(f"candidates/{first.pk}/merge/", {"other": str(second.pk), "fields": {"headline": "theirs"}})

    assert answer.status_code == 201
    merge = answer.json()
    assert merge["id"] == str(CandidateMerge.objects.get().pk)
    assert (merge["survivor"]["id"], merge["other"]["id"]) == (str(first.pk), str(second.pk))
    assert cast.ana.get(f"merges/{merge['id']}/").json() == merge
    shown = cast.ana.get(f"candidates/{first.pk}/").json()
    assert (shown["headline"], len(shown["applications"])) == ("Poet", 2)
    assert len(cast.ana.get("candidates/").json()["results"]) == 1
    old = cast.ana.get(f"candidates/{second.pk}/")
    assert (old.status_code, old.headers["Location"]) == (307, f"http://testserver/api/v1/candidates/{first.pk}/")
    patched = cast.ana.patch(f"candidates/{second.pk}/", {"current_title": "Countess"})
    assert (patched.json()["id"], patched.json()["current_title"]) == (str(first.pk), "Countess")
    verbs = [row["verb"] for row in cast.ana.get(f"candidates/{first.pk}/activity/").json()["results"]]
    assert verbs == ["edited", "merged"]
    assert cast.rob.get(f"candidates/{first.pk}/").status_code == 200


def test_undoing_answers_what_is_kept(cast, pair):
    first, second = pair
    merge = cast.ana.post(f"candidates/{first.pk}/merge/", {"other": str(second.pk)}).json()
    cast.ana.post(f"candidates/{first.pk}/notes/", {"text": "Called her"})

    undone = cast.adam.post(f"merges/{merge['id']}/undo/")

    assert undone.status_code == 200
    assert undone.json()["id"] == merge["id"]
    assert undone.json()["kept"] == ["1 note added since"]
    assert undone.json()["undone_by"]["name"] == "Adam Lo"
    assert len(cast.ana.get("candidates/").json()["results"]) == 2
    assert cast.ana.post(f"merges/{merge['id']}/undo/").status_code == 409


def test_the_same_request_twice_merges_once(cast, pair):
    first, second = pair
    answers = [
        cast.ana.post(
            f"candidates/{first.pk}/merge/", {"other": str(second.pk)}, headers={"Idempotency-Key": "merge-1"}
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert CandidateMerge.objects.count() == 1


@pytest.mark.parametrize(
    "body, status, attr",
    [
        ({}, 400, "other"),
        ({"other": "nobody"}, 400, "other"),
        ({"other": str(uuid.uuid4())}, 400, "other"),
        ({"other": "SELF"}, 400, "other"),
        ({"other": "SECOND", "fields": {"headline": "both"}}, 400, "fields.headline"),
        ({"other": "SECOND", "fields": {"nose": "ours"}}, 400, "fields.nose"),
        ({"other": "SECOND", "fields": ["headline"]}, 400, "fields"),
        ({"other": "SECOND", "seen": {"x": 1}}, 400, None),
        ({"other": "SECOND", "seen": {"SECOND": 7}}, 409, None),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_done(cast, pair, body, status, attr):
    first, second = pair
    names = {"SELF": str(first.pk), "SECOND": str(second.pk)}
    body = {key: names.get(value, value) if isinstance(value, str) else value for key, value in body.items()}
    body["seen"] = {names.get(key, key): value for key, value in body.pop("seen", {}).items()}

    answer = cast.ana.post(f"candidates/{first.pk}/merge/", body)

    assert answer.status_code == status
    assert attr is None or answer.json()["errors"][0]["attr"] == attr
    assert not CandidateMerge.objects.exists()


def test_nobody_merges_what_is_not_theirs(cast, pair):
    first, second = pair
    stranger = make.make_candidate(cast.stranger.workspace, "Ada Lovelace")

    assert cast.rob.post(f"candidates/{first.pk}/merge/", {"other": str(second.pk)}).status_code == 403
    assert cast.zoe.post(f"candidates/{first.pk}/merge/", {"other": str(stranger.pk)}).status_code == 404
    assert cast.ana.post(f"candidates/{first.pk}/merge/", {"other": str(stranger.pk)}).status_code == 400
    assert cast.rob.get("duplicates/").status_code == 403
    assert cast.zoe.get("duplicates/").json()["results"] == []
    assert cast.zoe.post(f"duplicates/{Duplicate.objects.get().pk}/dismiss/").status_code == 404
    assert not CandidateMerge.objects.exists()


def test_a_source_that_is_somebody_elses_leaves(cast):
    person = make.make_candidate(cast.team, "Ada Lovelace")
    rows = [
        make.make_record(make.make_source(cast.team, name), person, name, imported={"full_name": f"Ada of {name}"})
        for name in ("one", "two")
    ]
    sources = cast.ana.get(f"candidates/{person.pk}/").json()["sources"]
    assert sorted(source["id"] for source in sources) == sorted(str(row.pk) for row in rows)

    made = cast.ana.post(f"candidates/{person.pk}/split/", {"record": str(rows[1].pk)})

    assert made.status_code == 201
    assert made.json()["full_name"] == "Ada of two"
    assert [source["external_id"] for source in made.json()["sources"]] == ["two"]
    again = cast.ana.post(f"candidates/{person.pk}/split/", {"record": str(rows[1].pk)})
    assert (again.status_code, again.json()["errors"][0]["attr"]) == (400, "record")
    last = cast.ana.post(f"candidates/{person.pk}/split/", {"record": str(rows[0].pk)})
    assert (last.status_code, last.json()["errors"][0]["code"]) == (400, "only_source")
