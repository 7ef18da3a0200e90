"""Secrets at rest, in logs and in settings."""

import logging
import os
import subprocess
import sys

import pytest
import structlog
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from integrations.models import Connection
from recruitment.encryption import Secrets, SecretsUnreadable
from recruitment.ids import uuid7
from recruitment.logs import allow_listed, scrub
from recruitment.safety import refuse_demo_accounts
from tests import factories as make

CANARY = "canary-3c1f9b"


@pytest.fixture
def stored(db):
    workspace = make.make_workspace()
    return Connection.objects.create(
        workspace=workspace,
        source=make.make_source(workspace),
        provider="kombo",
        name="Kombo",
        base_url="https://api.kombo.dev/v1",
        credentials={"api_key": CANARY},
    )


def column(stored):
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM integrations_connection")
        return cursor.fetchone()[0]


def test_credentials_are_ciphertext_in_the_database_and_open_in_the_app(stored):
    assert CANARY not in column(stored)
    assert Connection.objects.get().credentials == {"api_key": CANARY}


def test_credentials_show_nothing_when_printed(stored):
    secrets = Connection.objects.get().credentials
    assert (repr(secrets), str(secrets), f"{secrets}") == ("<Secrets ['api_key']>",) * 3


def test_an_older_key_still_opens_after_rotation(stored, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *django_settings.FIELD_ENCRYPTION_KEYS]
    assert Connection.objects.get().credentials["api_key"] == CANARY


def test_a_database_without_its_keys_gives_nothing_away(stored, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(SecretsUnreadable) as refusal:
        Connection.objects.get()
    assert CANARY not in str(refusal.value)


def test_no_secrets_are_an_empty_column(db):
    assert Secrets() == {}


@pytest.mark.parametrize(
    "text, scrubbed",
    [
        ("Authorization: Bearer abc.def failed", "Authorization: Bearer <secret> failed"),
        ("sent Bearer abc.def along", "sent Bearer <secret> along"),
        ("api_key=12345 refused", "api_key=<secret> refused"),
        ("mail to ana.koc@example.org bounced", "mail to <email> bounced"),
        ("line\x1b[31m red", "line [31m red"),
    ],
)
def test_free_text_in_logs_loses_secrets_addresses_and_escapes(text, scrubbed):
    assert scrub(text) == scrubbed


def test_an_event_keeps_only_known_keys():
    event = {"event": "imported", "count": 3, "candidate_name": "Mina Petrov", "api_key": CANARY}
    assert allow_listed(None, "info", event) == {"event": "imported", "count": 3}


def test_a_logged_newline_cannot_forge_a_line():
    event = allow_listed(None, "info", {"event": "user agent\n2026-01-01 CRITICAL forged"})
    assert "\n" not in event["event"]


def test_plain_loggers_go_through_the_same_filter(caplog):
    logging.getLogger("somebody.else").warning("no key here")
    structlog.get_logger("quorum").warning("counted", count=2, name="Mina")
    assert "Mina" not in caplog.text


def test_ids_sort_by_the_time_they_were_made():
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(identifier.version, identifier.variant) for identifier in made} == {(7, "specified in RFC 4122")}


SAFE = {
    "QUORUM_MODE": "production",
    "SECRET_KEY": "s9v2n4m8x0q1w7e5r3t6y2u4i8o0p1a5d7f9g3h6",
    "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "quorum.example.org",
    "SITE_URL": "https://quorum.example.org",
}


def start(tmp_path, *program, **changes):
    """A program of Python's, else ``manage.py check``, in a process of its own with this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "VIRTUAL_ENV") if name in os.environ}
    wanted = {**kept, **SAFE, "DATA_DIR": str(tmp_path), **changes}
    environment = {name: value for name, value in wanted.items() if value is not None}
    words = [word.replace("{folder}", str(tmp_path)) for word in program or ("manage.py", "check")]
    return subprocess.run(
        [sys.executable, *words],
        env=environment,
        capture_output=True,
        text=True,
        cwd=django_settings.BASE_DIR,
        check=False,
        timeout=60,
    )


def test_production_starts_when_everything_is_set(tmp_path):
    result = start(tmp_path)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"SECRET_KEY": None}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "changeme" * 6}, "SECRET_KEY is missing or weak"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"SITE_URL": None}, "SITE_URL is missing"),
        ({"FIELD_ENCRYPTION_KEYS": "plain"}, "FIELD_ENCRYPTION_KEYS must hold Fernet keys"),
        ({"QUORUM_MODE": "debug"}, "QUORUM_MODE must be production, demo or test"),
    ],
)
def test_production_refuses_to_start_unsafely_and_says_why(tmp_path, changes, words):
    result = start(tmp_path, **changes)
    assert result.returncode != 0
    assert words in result.stderr


def test_production_does_not_serve_while_demo_accounts_can_sign_in(db, settings):
    settings.PRODUCTION = True
    refuse_demo_accounts()
    account = make.make_user("recruiter@demo.test")
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_demo_accounts()
    assert "recruiter@demo.test" in str(refusal.value)
    account.is_active = False
    account.save()
    refuse_demo_accounts()


ASGI = "import asyncio\nasync def serve():\n    import recruitment.asgi\nasyncio.run(serve())"  # as uvicorn loads it
PROGRAMS = {
    "manage.py check --deploy": ("manage.py", "check", "--deploy"),
    "wsgi": ("-c", "import recruitment.wsgi"),
    "asgi": ("-c", ASGI),
    "worker": ("-m", "celery", "-A", "recruitment", "worker", "-P", "solo"),
    "beat": ("-m", "celery", "-A", "recruitment", "beat", "-s", "{folder}/schedule"),
}


@pytest.fixture(scope="module")
def with_demo_accounts(tmp_path_factory):
    """A database of its own with one demo account that can sign in and one that can't."""
    folder = tmp_path_factory.mktemp("demo")
    assert start(folder, "manage.py", "migrate", "-v0").returncode == 0
    people = "[User.objects.create_user(email) for email in ('new@demo.test', 'admin@other.test')]"
    quiet = "User.objects.filter(email='admin@other.test').update(is_active=False)"
    made = start(folder, "manage.py", "shell", "-v0", "-c", f"from recruitment.models import User; {people}; {quiet}")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_no_program_of_production_starts_with_demo_accounts(with_demo_accounts, program):
    result = start(with_demo_accounts, *program)
    assert result.returncode != 0
    assert "these demo accounts can sign in here: new@demo.test. Remove them" in result.stderr


@pytest.mark.parametrize("name", ["manage.py check --deploy", "wsgi", "asgi"])
def test_production_starts_before_there_is_a_table(tmp_path, name):
    result = start(tmp_path, *PROGRAMS[name])
    assert result.returncode == 0, result.stderr
