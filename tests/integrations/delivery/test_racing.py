"""Several workers, dead workers, late workers: each push is sent by one, and in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection as database
from django.utils import timezone

from candidates.domain import pushes
from candidates.enums import PushState
from candidates.models import OutboxEntry, PushAttempt
from integrations import delivery
from integrations.delivery import claims, outcomes
from integrations.delivery.desk import Desk
from recruitment.errors import Conflict
from tests import factories as make
from tests.integrations.delivery.conftest import World, states

pytestmark = pytest.mark.django_db(transaction=True)


def together(*jobs: Callable[[], object]) -> list[BaseException]:
    """Run all at once, each in a thread of its own; answers what they raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        try:
            start.wait()
            job()
        except BaseException as error:
            errors.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def lease_runs_out() -> None:
    OutboxEntry.objects.filter(state=PushState.SENDING).update(lease_until=timezone.now() - timedelta(seconds=1))


def many_notes(world: World, number: int) -> None:
    """Notes about as many applications, each an order of its own; all lead to the same row upstream."""
    record = world.application.records.get()
    for each in range(number):
        make.make_push(record, world.member, "note", payload={"text": f"note {each}"}, order_key=f"a:{each}")


def test_four_workers_send_each_push_once(world: World):
    many_notes(world, 12)
    assert together(*[world.deliver] * 4) == []
    world.deliver()
    assert states() == [PushState.CONFIRMED] * 12
    assert sorted(world.kombo.notes(world.person_id)) == sorted(f"note {each}" for each in range(12))
    assert set(OutboxEntry.objects.values_list("attempts", flat=True)) == {1}


def test_no_more_than_five_are_in_flight_for_one_connection(world: World):
    many_notes(world, 9)
    entries = list(OutboxEntry.objects.order_by("pk"))
    taken: list[claims.Claim | None] = []
    together(*[lambda entry=entry: taken.append(claims.claim(entry.pk)) for entry in entries])
    assert sum(claim is not None for claim in taken) == 5
    assert states().count(PushState.SENDING) == 5


def test_the_order_of_an_application_survives_a_failure_and_two_workers(world: World):
    """The note was written after the move, and waits for it, however many workers there are."""
    world.kombo.faults.set("drop", "/stage$")
    move = world.move(1)
    world.note("Moved, as agreed.")
    assert together(world.deliver, world.deliver) == []
    assert states() == [PushState.RETRYING, PushState.WAITING]
    assert world.applied() == []

    world.release(move)
    assert together(world.deliver, world.deliver) == []
    world.deliver()
    assert states() == [PushState.CONFIRMED] * 2
    assert [kind for kind, _ in world.applied()] == ["move", "note"]


def test_an_unknown_push_lets_nothing_pass_it(world: World):
    world.kombo.faults.set("timeout_done", "/notes$")
    world.note()
    world.move(1)
    world.deliver()
    assert states() == [PushState.UNKNOWN, PushState.WAITING]


def test_the_outcome_of_a_worker_that_lost_its_lease_is_discarded(world: World):
    entry = world.tag()
    late = claims.claim(entry.pk)
    lease_runs_out()
    world.deliver()
    assert states() == [PushState.CONFIRMED]

    assert not outcomes.write_down(late, outcomes.Outcome(PushState.REFUSED, "late", "Too late."))
    assert states() == [PushState.CONFIRMED]
    assert list(PushAttempt.objects.values_list("number", flat=True)) == [1, 2]


def test_a_late_success_still_keeps_the_next_worker_from_repeating(world: World):
    """Late by a hair: it ends after the other's claim and before the other looks."""
    entry = world.note()
    late = claims.claim(entry.pk)
    lease_runs_out()
    other = claims.claim(entry.pk)
    assert not outcomes.write_down(late, outcomes.confirmed())
    with Desk() as desk:
        delivery.sending.carry_out(other, desk)
    assert states() == [PushState.UNKNOWN]
    assert world.kombo.writes() == []


def test_a_worker_that_lost_its_lease_before_the_request_sends_nothing(world: World, monkeypatch):
    entry = world.move(1)
    monkeypatch.setattr(delivery.sending, "renew", lambda claim: False)
    delivery.deliver(entry.pk)
    assert world.kombo.writes() == []
    assert states() == [PushState.SENDING]


@pytest.mark.parametrize(
    "kind, ends", [("move", PushState.CONFIRMED), ("tag", PushState.CONFIRMED), ("note", PushState.UNKNOWN)]
)
def test_a_worker_that_died_on_the_way_leaves_no_double(world: World, kind: str, ends: str):
    """Killed between the request and its answer: sent again where that is harmless, else left to a person."""
    entry = world.move(1) if kind == "move" else getattr(world, kind)()
    claims.claim(entry.pk)
    assert world.deliver() == 0
    lease_runs_out()
    world.deliver()
    assert states() == [ends]
    assert len(world.applied()) == (0 if ends == PushState.UNKNOWN else 1)


def test_cancelling_and_sending_at_once_end_in_one_of_both(world: World):
    for number in range(6):
        entry = world.tag(f"tag {number}")
        errors = together(lambda e=entry: delivery.deliver(e.pk), lambda e=entry: pushes.cancel(e, world.member))
        entry.refresh_from_db()
        sent = (f"tag {number}") in world.kombo.tags(world.person_id)
        assert (entry.state, sent) in [(PushState.CONFIRMED, True), (PushState.CANCELLED, False)]
        assert [type(error) for error in errors] == ([Conflict] if sent else [])


WORKER = "import django; django.setup(); from integrations import delivery; delivery.deliver_due()"


@pytest.mark.services
@pytest.mark.parametrize("kind, ends", [("note", PushState.UNKNOWN), ("move", PushState.CONFIRMED)])
def test_a_killed_worker_process_leaves_no_double(world: World, sandbox, kind: str, ends: str):
    """kill -9 while the sandbox has done the write and keeps the answer back."""
    world.kombo.faults.set("timeout_done", "/(notes|stage)$", seconds=3)
    entry = world.move(1) if kind == "move" else world.note()
    worker = worker_process(sandbox)
    try:
        until(lambda: len(world.applied()) == 1)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert worker.returncode == -signal.SIGKILL
    assert states() == [PushState.SENDING]
    assert PushAttempt.objects.get(entry=entry).finished_at is None

    world.kombo.sync()
    lease_runs_out()
    world.deliver()
    assert states() == [ends]
    assert len(world.applied()) == 1


def worker_process(sandbox) -> subprocess.Popen:
    database_settings = database.settings_dict
    where = f"{database_settings['HOST']}:{database_settings['PORT']}/{database_settings['NAME']}"
    user = ":".join(filter(None, [database_settings["USER"], database_settings["PASSWORD"]]))
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "recruitment.settings",
        "QUORUM_MODE": "test",
        "DATABASE_URL": f"postgres://{user}@{where}",
        "UPSTREAM_ALLOWED_HOSTS": ",".join(django_settings.UPSTREAM_ALLOWED_HOSTS),
        "SECRET_KEY": django_settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(django_settings.FIELD_ENCRYPTION_KEYS),
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], env=env, cwd=django_settings.BASE_DIR)
