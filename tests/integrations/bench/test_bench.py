"""The bench measures what it says it does: a data set that is always the same, and percentiles that are right."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Application, Candidate, CandidateIdentity, OutboxEntry, Review, SourceRecord
from integrations.bench import flows, people, screens
from integrations.bench.report import Line, percentile, table, timed


def quiet(_words: str) -> None:
    pass


@pytest.mark.parametrize("values, share, found", [([3, 1, 2], 0.5, 2), (list(range(1, 101)), 0.95, 95), ([7], 0.95, 7)])
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values, share, found):
    assert percentile(values, share) == found


def test_a_promise_is_about_the_p95():
    fast, slow = [0.01] * 19 + [9.0], [0.01] * 18 + [9.0] * 2
    assert (timed("x", fast, budget_ms=100).met, timed("x", slow, budget_ms=100).met) == (True, False)


def test_the_table_stands_in_columns():
    lines = [Line("search", "under 1 s", "2 s", False), Line("a longer thing", "", "3")]
    assert table("Title", lines).splitlines() == [
        "",
        "Title",
        "                budget     measured  verdict",
        "--------------  ---------  --------  -------",
        "search          under 1 s  2 s       OVER",
        "a longer thing             3",
    ]


@pytest.mark.django_db
def test_the_data_set_is_of_the_promised_shape():
    people.make_world(100, quiet)
    assert (Candidate.objects.count(), Application.objects.count(), Review.objects.count()) == (100, 150, 40)
    assert SourceRecord.objects.count() == 250
    assert OutboxEntry.objects.count() == 5
    assert CandidateIdentity.objects.exists()


@pytest.mark.django_db
def test_every_screen_and_list_answers(monkeypatch):
    monkeypatch.setattr(screens, "ASKED", 1)
    lines, _slow = screens.measure(people.make_world(100, quiet))
    assert [line.what for line in lines if "answered" in line.measured] == []
    assert len(lines) > 40


@pytest.mark.django_db
def test_verdicts_are_saved_and_searches_answer(monkeypatch):
    monkeypatch.setattr(flows, "VERDICTS", 10)
    monkeypatch.setattr(flows, "WORDS", 1)
    world = people.make_world(200, quiet)
    assert len(flows.save_and_next(world)) == 2
    assert Review.objects.filter(member__in=[world.recruiter, world.reviewer]).count() == 20
    assert len(flows.search(world)) == 3


def test_production_is_left_alone(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="doesn't run in production"):
        call_command("bench")
