"""A real worker is killed in the middle of an import, and another one ends it as if nothing had happened (F40, F41)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection as database

from candidates.models import Activity, Application, Candidate, CandidateTag, SourceRecord
from integrations.importing import run
from integrations.importing.requests import request_sync
from integrations.models import SyncRun
from integrations.sandbox.server import Sandbox
from tests.integrations.importing.conftest import connect, counts

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
PEOPLE = 2_000


@pytest.fixture
def upstream(settings) -> Iterator[Sandbox]:
    with Sandbox(people=PEOPLE, read_delay=0, lift_limits=True) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@pytest.fixture
def worker(redis_url, upstream) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts a real Celery worker with its own beat-less queue; whatever is left of them ends with the test."""
    started = []

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "recruitment", "worker", "-P", "prefork", "-c", "1"]
        command += ["-Q", "import", "-l", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        process = subprocess.Popen(command, env=environment(redis_url, upstream), start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def environment(redis_url: str, upstream: Sandbox) -> dict[str, str]:
    there = database.settings_dict
    user = ":".join(filter(None, [there["USER"], there["PASSWORD"]]))
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "recruitment.settings",
        "QUORUM_MODE": "test",
        "DATABASE_URL": f"postgres://{user}@{there['HOST']}:{there['PORT']}/{there['NAME']}",
        "CELERY_BROKER_URL": redis_url,
        "UPSTREAM_ALLOWED_HOSTS": urlsplit(upstream.url).netloc,
        "SECRET_KEY": django_settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(django_settings.FIELD_ENCRYPTION_KEYS),
        "IMPORT_LEASE_SECONDS": "3",
        "C_FORCE_ROOT": "1",
    }


def kill(process: subprocess.Popen) -> None:
    """The worker and its children, without a chance to tidy up."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def pages(asked: SyncRun) -> int:
    return asked.streams.filter(name="candidates").values_list("pages", flat=True).first() or 0


def content(workspace) -> dict[str, list]:
    """What an import leaves, without ids and times of ours."""
    mine = {"workspace": workspace}
    applications = Application.objects.filter(**mine)
    records = SourceRecord.objects.filter(**mine)
    return {
        "people": sorted(Candidate.objects.filter(**mine).values_list("full_name", "search_text", "version")),
        "applications": sorted(
            map(str, applications.values_list("job__title", "stage__name", "outcome", "applied_at"))
        ),
        "tags": sorted(CandidateTag.objects.filter(**mine).values_list("candidate__full_name", "tag__name")),
        "records": sorted(records.values_list("kind", "external_id", "state", "fingerprint")),
        "history": sorted(Activity.objects.filter(**mine).values_list("verb", "candidate__full_name")),
    }


def test_an_import_whose_worker_is_killed_ends_like_an_undisturbed_one(upstream, worker):
    calm, rough = connect(upstream), connect(upstream)
    undisturbed = request_sync(calm, mode="full")
    run(undisturbed.pk)

    asked = request_sync(rough, mode="full")
    for number in (2, 4):
        process = worker()
        until(lambda number=number: pages(asked) >= number)
        kill(process)
        assert SyncRun.objects.get(pk=asked.pk).state == "running"
        until(lambda: not SyncRun.objects.filter(pk=asked.pk, lease_until__gt=database_now()).exists())
    worker()  # looks for abandoned runs when it starts
    until(lambda: SyncRun.objects.get(pk=asked.pk).state not in ("queued", "running"))

    asked.refresh_from_db()
    assert (asked.state, counts(asked)) == ("succeeded", counts(undisturbed))
    assert counts(asked) == {"fetched": PEOPLE, "created": PEOPLE}
    assert content(rough.workspace) == content(calm.workspace)


def database_now():
    with database.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
