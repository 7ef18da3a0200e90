"""A read copy that is older than our push doesn't undo it (design, rule 2; kombo.md 7.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Activity, Application, FieldConflict, SourceRecord
from tests import factories as make
from tests.candidates.domain.profiles import LAST_YEAR
from tests.candidates.domain.test_intake_merging import applied, member, moved_here, source, take

__all__ = ["member", "source"]
pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def pushed(source, member):
    """Applied upstream when it was read; moved to Interview here, and told."""

    def push(state, kind="move", **fields):
        take(source, applied(0))
        application = Application.objects.get()
        if kind == "move":
            moved_here(application, "Interview")
        else:
            application.outcome = "rejected"
            application.save()
        record = application.records.get()
        given = {"payload": {"stage_id": "j1-s2"}, "sent_at": NOW() - timedelta(minutes=10), **fields}
        return make.make_push(record, member, kind, state=state, **given)

    return push


def stage_now():
    return Application.objects.get().stage.name


@pytest.mark.parametrize("state", ["waiting", "sending", "retrying", "unknown", "conflict"])
def test_a_decision_on_its_way_is_not_undone_by_what_upstream_says(source, pushed, state):
    lease = {"lease_token": "0" * 32, "lease_until": NOW()} if state == "sending" else {}
    pushed(state, **lease)

    take(source, applied(1, changed_at=NOW()))

    assert stage_now() == "Interview"
    assert FieldConflict.objects.count() == 0
    assert SourceRecord.objects.get(external_id="a1").imported["stage_external_id"] == "j1-s0"


def test_a_copy_older_than_a_confirmed_push_is_not_taken(source, pushed):
    pushed("confirmed")
    take(source, applied(0, changed_at=LAST_YEAR, fields={"applied_at": LAST_YEAR}))
    take(source, applied(1, changed_at=LAST_YEAR))

    assert stage_now() == "Interview"
    assert FieldConflict.objects.count() == 0
    assert Activity.objects.filter(verb="moved").count() == 0


def test_a_change_upstream_after_a_confirmed_push_is_taken(source, pushed):
    pushed("confirmed")
    take(source, applied(1, changed_at=NOW()))

    assert stage_now() == "Phone screen"
    assert FieldConflict.objects.count() == 0


def test_a_move_back_upstream_after_a_confirmed_push_is_taken(source, pushed):
    pushed("confirmed")
    take(source, applied(0, changed_at=NOW()))

    assert stage_now() == "Applied"


def test_our_own_move_comes_back_as_an_echo_and_later_moves_are_theirs(source, pushed):
    pushed("confirmed")
    take(source, applied(2, changed_at=NOW()))
    assert Activity.objects.filter(verb="moved").count() == 0

    take(source, applied(3, changed_at=NOW() + timedelta(seconds=1)))
    assert stage_now() == "Offer"


def test_after_a_day_no_copy_can_be_so_old_and_upstream_counts_though_its_row_did_not_change(source, pushed):
    pushed("confirmed", settled_at=NOW() - timedelta(hours=25))
    assert take(source, applied(0)).updated == 1

    assert stage_now() == "Applied"


def test_a_refused_push_holds_nothing(source, pushed):
    pushed("refused")
    take(source, applied(0, fields={"applied_at": LAST_YEAR}))
    assert stage_now() == "Interview"

    take(source, applied(1))
    assert FieldConflict.objects.get().field == "stage"


def test_a_confirmed_rejection_is_not_undone_by_an_old_copy(source, pushed):
    pushed("confirmed", kind="reject")
    take(source, applied(0, outcome="active", fields={"applied_at": LAST_YEAR}))
    assert Application.objects.get().outcome == "rejected"

    take(source, applied(0, outcome="rejected", changed_at=NOW()))
    assert Activity.objects.filter(verb="rejected").count() == 0
    assert FieldConflict.objects.count() == 0


def test_reopened_here_stays_reopened_when_the_rejection_that_we_told_arrives(source, pushed):
    pushed("confirmed", kind="reject")
    Application.objects.update(outcome="active")

    take(source, applied(0, outcome="rejected", changed_at=NOW()))

    assert Application.objects.get().outcome == "active"
