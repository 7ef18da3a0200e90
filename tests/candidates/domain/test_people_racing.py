"""Imports, edits and merges of the same people at once (dangers F77)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction
from django.utils import timezone

from candidates.domain.intake import intake_candidates
from candidates.domain.merges import merge_candidates
from candidates.domain.notes import add_note
from candidates.domain.people import edit_candidate
from candidates.domain.tags import add_tag
from candidates.domain.unmerging import undo_merge
from candidates.models import Candidate, CandidateMerge, SourceRecord
from recruitment.errors import Conflict
from tests import factories as make
from tests.candidates.domain.profiles import a_person

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def together(*calls: Callable[[], object]) -> list[object]:
    """Each in a thread of its own, begun at once; what the domain refused is an answer, anything else fails."""
    gate, answers = threading.Barrier(len(calls)), []

    def go(call: Callable[[], object]) -> None:
        gate.wait()
        try:
            answers.append(call())
        except Exception as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Conflict)]
    return answers


def rows(prefix: str, headline: str = "", numbers=range(20)):
    return [
        a_person(
            f"{prefix}{number}",
            fields={"emails": [{"value": f"p{number}@example.org", "kind": ""}], "headline": headline},
        )
        for number in numbers
    ]


def take(source, people):
    with transaction.atomic():
        return intake_candidates(source, people, now=timezone.now())


def test_two_sources_that_bring_the_same_people_at_once_make_each_of_them_once():
    workspace = make.make_workspace()
    sources = [make.make_source(workspace, name) for name in ("one", "two", "three")]
    orders = [rows("a"), rows("b")[::-1], rows("c")]

    together(*(lambda pair=pair: take(*pair) for pair in zip(sources, orders, strict=True)))

    assert Candidate.objects.count() == 20
    assert SourceRecord.objects.count() == 60


def test_what_is_imported_and_written_while_two_are_merged_lands_on_the_survivor():
    member = make.make_member()
    source = make.make_source(member.workspace)
    people = [a_person(name, fields={"full_name": f"Ada {name}"}) for name in ("first", "second")]
    take(source, people)
    survivor, other = (Candidate.objects.get(records__external_id=name) for name in ("first", "second"))
    changed = [a_person(name, fields={"current_title": "Countess"}) for name in ("second", "first")]

    together(
        lambda: merge_candidates(survivor, other, member=member),
        lambda: take(source, changed),
        lambda: add_note(other, "Called her", member=member),
        lambda: add_tag(other, "called", member=member),
        lambda: edit_candidate(other, {"current_company": "Engine Ltd"}, member=member),
    )

    survivor.refresh_from_db()
    other.refresh_from_db()
    assert other.merged_into == survivor
    assert (survivor.current_title, survivor.current_company) == ("Countess", "Engine Ltd")
    assert (survivor.notes.count(), survivor.candidate_tags.count(), survivor.records.count()) == (1, 1, 2)
    assert (other.notes.count(), other.candidate_tags.count(), other.records.count()) == (0, 0, 0)
    assert Candidate.objects.count() == 2


def test_of_two_merges_of_the_same_people_one_wins():
    member = make.make_member()
    first, second = (make.make_candidate(member.workspace) for _ in range(2))

    answers = together(
        lambda: merge_candidates(first, second, member=member),
        lambda: merge_candidates(second, first, member=member),
    )

    assert [type(answer) for answer in answers].count(CandidateMerge) == 1
    assert Candidate.objects.present().count() == 1
    merge = CandidateMerge.objects.get()
    answers = together(*[lambda: undo_merge(merge, member=member)] * 2)
    assert [isinstance(answer, Conflict) for answer in answers].count(True) == 1
    assert Candidate.objects.present().count() == 2
