"""Pools that a source lists one by one, and stages that only rows of people tell of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.domain.erasure import erase_candidate
from candidates.domain.intake import Counts, intake_candidates, intake_pools, memberships
from candidates.domain.pools import add_to_pool, take_out_of_pool
from candidates.domain.profiles import ApplicationProfile, PoolProfile, StageProfile
from candidates.models import Activity, Candidate, PoolMember, SourceRecord, Stage, TalentPool
from recruitment.models import Role
from tests import factories as make
from tests.candidates.domain.profiles import a_person

pytestmark = pytest.mark.django_db

FIRST = timezone.now() - timedelta(hours=4)  # the starts of three walks
SECOND, THIRD = FIRST + timedelta(hours=1), FIRST + timedelta(hours=2)


@pytest.fixture
def source():
    return make.make_source(make.make_workspace())


@pytest.fixture
def member(source):
    return make.make_member(source.workspace, role=Role.RECRUITER)


def walk(source, start, **pools) -> list[Counts]:
    """One walk through the pools, each with the rows that it shows."""
    intake_pools(source, [PoolProfile(name, name.capitalize()) for name in pools], now=start)
    return [
        intake_candidates(source, [replace(person, also_in=[name]) for person in people], now=start)
        for name, people in pools.items()
    ]


def places() -> list[tuple[str, str]]:
    found = PoolMember.objects.values_list("pool__name", "candidate__first_name")
    return sorted(found)


ADA = a_person("1", fields={"first_name": "Ada"})
ZOE = a_person("2", fields={"first_name": "Zoe"})


def test_the_same_row_in_two_pools_is_one_person_in_both(source):
    counts = walk(source, FIRST, alumni=[ADA, ZOE], silver=[ADA])

    assert places() == [("Alumni", "Ada"), ("Alumni", "Zoe"), ("Silver", "Ada")]
    assert [(page.created, page.unchanged) for page in counts] == [(2, 0), (0, 1)]
    assert Candidate.objects.count() == 2


def test_another_pool_for_a_row_that_has_not_changed_is_noticed(source):
    walk(source, FIRST, alumni=[ADA], silver=[])
    walk(source, SECOND, alumni=[ADA], silver=[ADA])
    assert places() == [("Alumni", "Ada"), ("Silver", "Ada")]


def test_a_place_ends_when_the_walks_that_it_takes_have_not_shown_it(source):
    walk(source, FIRST, alumni=[ADA, ZOE], silver=[ADA])
    walk(source, SECOND, alumni=[ADA, ZOE], silver=[])
    assert memberships.end(source, before=FIRST, now=timezone.now()) == 0
    assert places() == [("Alumni", "Ada"), ("Alumni", "Zoe"), ("Silver", "Ada")]

    walk(source, THIRD, alumni=[ADA, ZOE], silver=[])
    assert memberships.end(source, before=SECOND, now=timezone.now()) == 1
    assert places() == [("Alumni", "Ada"), ("Alumni", "Zoe")]
    told = Activity.objects.get(verb="unpooled")
    assert (told.data, told.candidate.first_name) == ({"pool": "Silver"}, "Ada")

    assert memberships.end(source, before=SECOND, now=timezone.now()) == 0


def test_a_place_comes_back_when_the_pool_shows_it_again(source):
    walk(source, FIRST, alumni=[ADA])
    walk(source, SECOND, alumni=[])
    memberships.end(source, before=SECOND, now=timezone.now())
    assert places() == []

    walk(source, THIRD, alumni=[ADA])
    assert places() == [("Alumni", "Ada")]


def test_a_pool_that_is_not_imported_any_more_keeps_its_people(source):
    walk(source, FIRST, alumni=[ADA], silver=[ADA])
    walk(source, SECOND, silver=[ADA])
    assert memberships.end(source, before=SECOND, now=timezone.now()) == 0
    assert places() == [("Alumni", "Ada"), ("Silver", "Ada")]


def test_whom_a_member_took_out_stays_out_and_whom_one_put_in_stays_in(source, member):
    walk(source, FIRST, alumni=[ADA, ZOE])
    ada, zoe = Candidate.objects.order_by("first_name")
    alumni, own = TalentPool.objects.get(), make.make_pool(source.workspace, name="Ours")
    take_out_of_pool(alumni, ada, member=member)
    add_to_pool(own, zoe, member=member)

    walk(source, SECOND, alumni=[ADA, ZOE])
    assert places() == [("Alumni", "Zoe"), ("Ours", "Zoe")]

    take_out_of_pool(alumni, zoe, member=member)
    add_to_pool(alumni, zoe, member=member)
    walk(source, THIRD, alumni=[])
    memberships.end(source, before=THIRD, now=timezone.now())
    assert places() == [("Alumni", "Zoe"), ("Ours", "Zoe")]


def test_a_place_that_another_row_of_the_same_person_has_does_not_end(source):
    walk(source, FIRST, alumni=[ADA, ZOE])
    ada, zoe = Candidate.objects.order_by("first_name")
    SourceRecord.objects.filter(candidate=zoe).update(candidate=ada)
    walk(source, SECOND, alumni=[ADA])

    assert memberships.end(source, before=SECOND, now=timezone.now()) == 1
    assert ("Alumni", "Ada") in places()


def test_a_pool_that_no_list_has_shown_is_made_and_named_later(source):
    intake_candidates(source, [replace(ADA, also_in=["p9"])], now=FIRST)
    assert places() == [("Pool p9", "Ada")]
    intake_pools(source, [PoolProfile("p9", "Engineers")], now=SECOND)
    assert places() == [("Engineers", "Ada")]


def test_whoever_was_erased_is_in_no_pool_again(source):
    admin = make.make_member(source.workspace, role=Role.ADMIN)
    walk(source, FIRST, alumni=[ADA])
    erase_candidate(Candidate.objects.get(), member=admin, confirm="Ada Lovelace")
    walk(source, SECOND, alumni=[ADA])
    assert places() == []


def test_very_long_ids_make_a_place_as_well(source):
    row, pool = a_person("r" * 200), "p" * 200
    intake_candidates(source, [replace(row, also_in=[pool])], now=FIRST)
    intake_candidates(source, [replace(row, also_in=[pool])], now=SECOND)
    assert PoolMember.objects.count() == 1


@pytest.mark.parametrize("changed", [False, True], ids=["unchanged", "new"])
def test_a_page_of_a_pool_costs_the_same_for_one_row_and_thirty(source, changed):
    intake_pools(source, [PoolProfile("p", "P")], now=FIRST)

    def cost(size: int, start: int) -> int:
        rows = [
            replace(a_person(str(start + number), fields={"first_name": f"N{number}"}), also_in=["p"])
            for number in range(size)
        ]
        if not changed:
            intake_candidates(source, rows, now=FIRST)
        with CaptureQueriesContext(connection) as asked:
            intake_candidates(source, rows, now=SECOND)
        return len(asked)

    assert cost(1, 0) == cost(30, 100)


# ---- stages


def learned(external_id="j1:31", name="Screening › CV review", position=1, **more) -> StageProfile:
    return StageProfile(external_id, name, position, remote_id="31", **more)


def in_stage(stage: StageProfile, **person):
    application = ApplicationProfile(
        "a1",
        "j1",
        job_title="Python developer",
        stage_external_id=stage.external_id,
        stage_name=stage.name,
        stage_position=stage.position,
        stage_learned=stage,
    )
    return a_person(applications=[application], **person)


def test_a_stage_is_learned_from_the_row_with_its_meaning_and_its_raw_id(source):
    intake_candidates(source, [in_stage(learned(category="interview", is_active=False))], now=FIRST)

    stage, record = Stage.objects.get(), SourceRecord.objects.get(kind="stage")
    assert (stage.name, stage.position, stage.category, stage.is_active) == (
        "Screening › CV review", 1, "interview", False,
    )  # fmt: skip
    assert (record.external_id, record.remote_id, record.stage) == ("j1:31", "31", stage)
    assert stage.job.title == "Python developer"


def test_a_stage_that_is_called_otherwise_upstream_is_so_here(source):
    intake_candidates(source, [in_stage(learned())], now=FIRST)
    intake_candidates(source, [in_stage(learned(name="Interview › Panel", position=7))], now=SECOND)

    stage = Stage.objects.get()
    assert (stage.name, stage.position, stage.category) == ("Interview › Panel", 7, "interview")


def test_a_name_that_a_person_gave_a_stage_stays(source):
    intake_candidates(source, [in_stage(learned())], now=FIRST)
    Stage.objects.update(name="Our name", category="offer", category_is_ours=True)
    intake_candidates(source, [in_stage(learned(), fields={"headline": "Changed"})], now=SECOND)
    intake_candidates(source, [in_stage(learned(position=3), fields={"headline": "Again"})], now=THIRD)

    stage = Stage.objects.get()
    assert (stage.name, stage.category, stage.position) == ("Our name", "offer", 3)
