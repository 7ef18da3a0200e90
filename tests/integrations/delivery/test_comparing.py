"""A source that moved meanwhile is not overwritten; one that already says so is not told again."""

from __future__ import annotations

import pytest

from candidates.domain import pushes
from candidates.enums import PushState
from candidates.models import Activity
from recruitment.errors import Conflict
from tests.integrations.delivery.conftest import World, states

pytestmark = pytest.mark.django_db


def move_upstream(world: World, number: int) -> None:
    world.kombo.move(world.application_id, world.stage_id(number))
    world.kombo.sync()


def test_a_source_that_moved_meanwhile_is_a_conflict_and_nothing_is_written(world: World):
    entry = world.move(1)
    move_upstream(world, 2)
    world.deliver()

    entry.refresh_from_db()
    assert (entry.state, entry.last_error_code, entry.due_at) == (PushState.CONFLICT, "changed_upstream", None)
    said = entry.upstream_now
    assert (said["stage"], said["stage_id"], said["outcome"]) == (world.stages[2].name, world.stage_id(2), "active")
    assert said["changed_at"] is not None
    assert said["expected"] == {"stage_id": world.stage_id(0), "outcome": "active"}
    assert world.applied() == []
    assert Activity.objects.filter(verb="push_conflict").count() == 1


def test_a_rejection_upstream_is_a_conflict_for_a_move(world: World):
    world.kombo.edit_application(world.application_id, outcome="DECLINED")
    world.kombo.sync()
    entry = world.move(1)
    world.deliver()
    entry.refresh_from_db()
    assert (entry.state, entry.upstream_now["outcome"]) == (PushState.CONFLICT, "rejected")


def test_a_person_who_was_moved_on_upstream_is_not_rejected_unasked(world: World):
    world.reject()
    move_upstream(world, 2)
    world.deliver()
    assert states() == [PushState.CONFLICT]
    assert world.upstream() == (world.stage_id(2), "PENDING")


def test_what_upstream_says_already_is_confirmed_without_a_write(world: World):
    world.move(1)
    move_upstream(world, 1)
    world.deliver()
    assert states() == [PushState.CONFIRMED]
    assert world.applied() == []


def test_keeping_ours_sends_it_all_the_same(world: World):
    entry = world.move(1)
    move_upstream(world, 2)
    world.deliver()
    pushes.resolve(entry, world.member, keep="ours")
    world.deliver()
    assert states() == [PushState.CONFIRMED]
    assert world.upstream() == (world.stage_id(1), "PENDING")


def test_keeping_theirs_moves_the_person_here(world: World):
    entry = world.move(1)
    move_upstream(world, 2)
    world.deliver()
    pushes.resolve(entry, world.member, keep="theirs")

    world.application.refresh_from_db()
    assert world.application.stage == world.stages[2]
    assert states() == [PushState.SUPERSEDED]
    assert world.deliver() == 0
    moved = Activity.objects.filter(verb="moved").latest("id")
    assert (moved.actor, moved.data["to"]) == (world.member, world.stages[2].name)
    assert Activity.objects.get(verb="conflict_resolved").data["keep"] == "theirs"
    with pytest.raises(Conflict):
        pushes.resolve(entry, world.member, keep="ours")


def test_a_newer_decision_takes_the_place_of_a_conflict(world: World):
    world.move(1)
    move_upstream(world, 2)
    world.deliver()
    world.move(2)
    world.deliver()
    assert states() == [PushState.SUPERSEDED, PushState.CONFIRMED]


def test_a_copy_that_lags_behind_our_own_pushes_is_no_conflict(world: World):
    for number in (1, 2, 1):
        world.move(number)
        world.deliver()
    assert states() == [PushState.CONFIRMED] * 3
    assert [kind for kind, _ in world.applied()] == ["move"] * 3
    assert world.upstream() == (world.stage_id(1), "PENDING")


def test_our_own_push_that_the_copy_shows_is_no_conflict(world: World):
    world.move(1)
    world.deliver()
    world.kombo.sync()
    world.move(2)
    world.deliver()
    assert states() == [PushState.CONFIRMED] * 2


def test_a_move_upstream_after_our_own_push_is_a_conflict(world: World):
    world.move(1)
    world.deliver()
    move_upstream(world, 3)
    world.move(2)
    world.deliver()
    assert states() == [PushState.CONFIRMED, PushState.CONFLICT]


def test_a_source_that_cannot_be_read_is_told_without_comparing(world: World):
    world.kombo.faults.set("error", "/ats/candidates$", method="GET", code="INTEGRATION.MODEL_DISABLED", times=None)
    world.move(1)
    world.deliver()
    assert states() == [PushState.CONFIRMED]


def test_a_read_that_fails_writes_nothing_and_is_tried_again(world: World):
    world.kombo.faults.set("html", "/ats/candidates$", method="GET", times=2)
    entry = world.reject()
    world.deliver()
    assert (states(), world.kombo.writes()) == ([PushState.RETRYING], [])
    world.release(entry)
    world.deliver()
    assert states() == [PushState.CONFIRMED]


def test_a_copy_that_shows_the_first_there_of_a_there_and_back_is_not_believed(world: World):
    """Moved to 1, to 2, and to 1 again, while the copy has heard of the first move only: 2 must not remain."""
    world.move(1)
    world.deliver()
    world.kombo.advance(15)
    world.move(2)
    world.deliver()
    world.kombo.advance(6)
    world.move(1)
    world.deliver()
    assert states() == [PushState.CONFIRMED] * 3
    assert world.upstream() == (world.stage_id(1), "PENDING")


def test_what_we_overruled_is_no_conflict_again_while_the_copy_still_shows_it(world: World):
    entry = world.move(1)
    move_upstream(world, 3)
    world.deliver()
    pushes.resolve(entry, world.member, keep="ours")
    world.deliver()
    world.move(2)
    world.deliver()
    assert states() == [PushState.CONFIRMED] * 2
    assert world.upstream() == (world.stage_id(2), "PENDING")
