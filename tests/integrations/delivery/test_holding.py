"""A connection that can't be used holds its pushes, and only its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.enums import PushState
from candidates.models import OutboxEntry
from integrations import delivery
from integrations.delivery.draining import next_batch
from integrations.enums import Health
from integrations.models import Connection
from tests.integrations.delivery.conftest import World, build_world, states

pytestmark = pytest.mark.django_db
WRONG = {"api_key": "not-the-key", "integration_id": "greenhouse:x"}


def wrong_key(world: World) -> None:
    """In the database only: saving ``world.connection`` repairs it."""
    Connection.objects.filter(pk=world.connection.pk).update(credentials=WRONG)


def test_a_denied_key_holds_everything_until_it_is_repaired(world: World):
    wrong_key(world)
    entry = world.tag("On call")
    world.note("Knows SQL.")
    world.deliver()

    entry.refresh_from_db()
    connection = Connection.objects.get(pk=world.connection.pk)
    assert (entry.state, entry.due_at) == (PushState.RETRYING, None)
    assert (entry.last_error_code, entry.attempts) == ("PLATFORM.AUTHENTICATION_INVALID", 1)
    assert connection.health == Health.RECONNECT
    assert "no longer lets us in" in connection.health_detail
    assert "not-the-key" not in connection.health_detail
    assert world.deliver() == 0
    assert states() == [PushState.RETRYING, PushState.WAITING]

    world.connection.health = Health.HEALTHY
    world.connection.save()
    assert delivery.release_held(world.connection) == 1
    assert world.deliver() == 2
    assert states() == [PushState.CONFIRMED] * 2


def test_a_key_that_cannot_be_decrypted_holds_too(world: World, settings):
    entry = world.tag()
    settings.FIELD_ENCRYPTION_KEYS = ["iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyE="]
    world.deliver()
    entry.refresh_from_db()
    assert (entry.state, entry.due_at, entry.last_error_code) == (PushState.RETRYING, None, "credentials_unreadable")
    assert world.kombo.writes() == []


@pytest.mark.parametrize(
    "held",
    [
        {"paused": True},
        {"health": Health.RECONNECT},
        {"waiting_until": timezone.now() + timedelta(hours=1)},
        {"disconnected_at": timezone.now()},
    ],
    ids=["paused", "reconnect", "waiting", "disconnected"],
)
def test_a_held_connection_is_not_called(world: World, held: dict):
    Connection.objects.update(**held)
    entry = world.tag()
    assert world.deliver() == 0
    assert not delivery.deliver(entry.pk)
    assert world.kombo.writes() == []


def test_other_connections_go_on(world: World, sandbox):
    other = build_world(sandbox)
    wrong_key(world)
    world.note("First.")
    other.note("Second.")
    world.deliver()
    assert states() == [PushState.RETRYING, PushState.CONFIRMED]


def test_each_connection_gets_its_turn(world: World, sandbox):
    other = build_world(sandbox)
    for number in range(7):
        world.tag(f"first {number}")
    for number in range(3):
        other.tag(f"second {number}")
    for entry in OutboxEntry.objects.all():  # an order each, so that all are due at once
        OutboxEntry.objects.filter(pk=entry.pk).update(order_key=str(entry.pk))
    batch = next_batch()
    entries = OutboxEntry.objects.in_bulk(batch)
    sources = [entries[pk].source_id for pk in batch]
    assert len(batch) == 8
    assert len(set(sources[:2])) == len(set(sources[2:4])) == len(set(sources[4:6])) == 2


def test_taking_a_connection_away_settles_what_was_not_sent(world: World):
    world.tag()
    world.note()
    assert delivery.close_held(world.connection) == 2
    assert states() == [PushState.NOT_OFFERED] * 2
    assert set(OutboxEntry.objects.values_list("last_error_code", flat=True)) == {"disconnected"}
