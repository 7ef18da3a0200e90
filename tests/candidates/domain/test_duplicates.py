"""People who may be one are suggested with reasons, and once somebody has decided nobody is asked again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.domain import searching
from candidates.domain.duplicates import TOO_MANY, dismiss, in_words, look_for_duplicates
from candidates.domain.people import edit_candidate
from candidates.models import Candidate, Duplicate
from candidates.tasks import search_all_duplicates, search_duplicates
from recruitment.errors import Conflict
from tests import factories as make

pytestmark = pytest.mark.django_db
PARIS = {"city": "Paris"}


@pytest.fixture
def workspace():
    return make.make_workspace()


def phone(number: str) -> list[dict[str, str]]:
    return [{"value": number, "kind": ""}]


def search() -> list[tuple[int, list[str]]]:
    search_duplicates()
    return list(Duplicate.objects.order_by("-score").values_list("score", "reasons"))


@pytest.mark.parametrize(
    "first, second, score, reasons",
    [
        ({"email": "a@x.example"}, {"email": "A@X.example"}, 95, ["email", "name"]),
        ({"phones": phone("+33 1 23 45 67 89")}, {"phones": phone("0123456789")}, 80, ["phone", "name"]),
        ({"current_company": "Engine Ltd"}, {"current_company": "engine ltd"}, 70, ["name", "employer"]),
        ({"location": PARIS}, {"location": {"raw": "Paris, France"}}, 60, ["name", "place"]),
        (
            {"current_company": "Engine Ltd", "location": PARIS, "full_name": "Ada Lovelace"},
            {"current_company": "Engine Ltd", "location": PARIS, "full_name": "Lovelance, Ada"},
            78,
            ["name_alike", "employer", "place"],
        ),
        (
            {"email": "desk@x.example", "full_name": "Ada Lovelace"},
            {"email": "desk@x.example", "full_name": "Grace Hopper"},
            50,
            ["email", "names_differ"],
        ),
    ],
)
def test_people_who_may_be_one_are_suggested_with_reasons(workspace, first, second, score, reasons):
    for fields in (first, second):
        make.make_candidate(workspace, fields.pop("full_name", "Ada Lovelace"), **fields)

    assert search() == [(score, reasons)]


def test_namesakes_with_nothing_else_in_common_are_two_people(workspace):
    make.make_candidate(workspace, "Ada Lovelace", current_company="Engine Ltd", location=PARIS)
    make.make_candidate(workspace, "Ada Lovelace", current_company="Loom & Sons", location={"city": "London"})
    make.make_candidate(workspace, "Grace Hopper", current_company="Engine Ltd", location=PARIS)
    make.make_candidate(make.make_workspace(), "Ada Lovelace", current_company="Engine Ltd", location=PARIS)

    assert search() == []


def test_an_address_of_very_many_says_nothing(workspace):
    for number in range(TOO_MANY + 1):
        make.make_candidate(workspace, f"Person {number}", email="agency@x.example")

    assert search() == []


def test_different_people_are_remembered(workspace):
    member = make.make_member(workspace)
    for _ in range(2):
        make.make_candidate(workspace, "Ada Lovelace", email="a@x.example")
    search()
    dismiss(Duplicate.objects.get(), member=member)

    edit_candidate(Candidate.objects.first(), {"headline": "Poet"}, member=member)
    search_all_duplicates()
    search()

    found = Duplicate.objects.get()
    assert (found.state, found.decided_by) == ("different", member)
    with pytest.raises(Conflict):
        dismiss(found, member=member)


def test_a_suggestion_goes_when_its_reason_has_gone_and_comes_back_with_it(workspace):
    member = make.make_member(workspace)
    people = [make.make_candidate(workspace, "Ada Lovelace", email="a@x.example") for _ in range(2)]
    assert len(search()) == 1

    edit_candidate(people[1], {"emails": [{"value": "b@x.example"}]}, member=member)
    assert search() == []
    edit_candidate(people[0], {"emails": [{"value": "b@x.example"}]}, member=member)
    assert search() == [(95, ["email", "name"])]


def test_the_search_goes_on_where_it_stopped(workspace, monkeypatch):
    monkeypatch.setattr(searching, "BATCH", 2)
    for number in range(5):
        make.make_candidate(workspace, "Ada Lovelace", email=f"p{number % 2}@x.example")

    batches = 0
    while searching.search_on(workspace.pk):
        batches += 1

    assert batches == 3
    assert Duplicate.objects.count() == 4
    with CaptureQueriesContext(connection) as queries:
        search_duplicates()
    assert len(queries) == 1
    Duplicate.objects.all().delete()
    search_all_duplicates()
    assert len(search()) == 4


def test_comparing_costs_the_same_number_of_statements_for_one_and_for_thirty(workspace):
    for number in range(62):
        make.make_candidate(
            workspace, "Ada Lovelace", email=f"p{number // 2}@x.example", location={"city": f"Town {number // 2}"}
        )
    people = list(Candidate.objects.order_by("pk").values_list("pk", flat=True))
    look_for_duplicates(workspace.pk, people[60:])

    costs = []
    for some in (people[:1], people[2:32]):
        with CaptureQueriesContext(connection) as queries:
            look_for_duplicates(workspace.pk, some)
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert Duplicate.objects.count() == 1 + 1 + 15


def test_reasons_read_as_a_line():
    assert in_words(["email", "names_differ"]) == "The same e-mail address, but other names"
