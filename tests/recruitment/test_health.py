"""What machines ask: alive, ready, measured."""

from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from candidates.enums import PushState
from recruitment.views import health
from tests import factories as make

pytestmark = pytest.mark.django_db


def measured(client):
    """Numbers by name and labels' values."""
    text = client.get("/metrics").content.decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def test_alive_needs_no_database(client, monkeypatch):
    monkeypatch.setattr(health, "_database", lambda: False)
    assert client.get("/healthz").json() == {"status": "alive"}


def test_ready_names_what_is_missing(client, monkeypatch):
    everything = {"database": "ok", "migrations": "ok", "broker": "ok", "cache": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "checks": everything}
    monkeypatch.setattr(health, "_broker", lambda: False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (503, everything | {"broker": "failed"})


def test_metrics_count_imports_pushes_and_problems(client):
    workspace = make.make_workspace()
    connection = make.make_connection(workspace)
    make.make_problem(make.make_run(connection))
    record = make.make_record(connection.source, make.make_candidate(workspace))
    member = make.make_member(workspace)
    make.make_push(record, member, due_at=timezone.now() - timedelta(minutes=5))
    make.make_push(record, member, state=PushState.CONFIRMED)
    numbers = measured(client)
    assert numbers["quorum_pushes", "waiting"] == 1
    assert ("quorum_pushes", "confirmed") not in numbers
    assert numbers["quorum_sync_runs", "succeeded"] == 1
    assert numbers["quorum_sync_runs", "failed"] == 0
    assert numbers["quorum_connections", "healthy"] == 1
    assert numbers[("quorum_problems_open",)] == 1
    assert numbers[("quorum_oldest_due_push_seconds",)] == pytest.approx(300, abs=30)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_metrics_answer_without_the_database(client, error):
    def gone(*_):
        raise error

    with connection.execute_wrapper(gone):
        numbers = measured(client)
    assert not [key for key in numbers if key[0].startswith("quorum_")]
    assert [key for key in numbers if key[0].startswith("python_info")]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_ready_says_so_without_the_database(client, error):
    def gone(*_):
        raise error

    with connection.execute_wrapper(gone):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "failed")
