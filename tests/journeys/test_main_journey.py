"""The main journey on the embedded defaults, and on PostgreSQL and Redis with real servers: the same code."""

import os
from pathlib import Path

import httpx
import psycopg
import pytest
from cryptography.fernet import Fernet

from tests.journeys.journey import get, main_journey
from tests.journeys.stack import KOMBO, Stack, running, wait_for


@pytest.mark.timeout(240)
def test_one_command_imports_reviews_and_tells_kombo_once(tmp_path: Path) -> None:
    with running(tmp_path, QUORUM_MODE="demo") as stack:
        stack.start("up", "manage.py", "up")
        wait_for(lambda: "Quorum is ready" in stack.said("up"), 90, stack.said("up"))
        recruiter = stack.api("recruiter@demo.test", "demo")
        connections = get(recruiter, "connections/")["results"]
        connection = next(one["id"] for one in connections if one["provider"] == "kombo")
        main_journey(stack, recruiter, connection)


def new_database(url: str, name: str) -> str:
    """A second database on the server of the tests."""
    server, _, _ = url.rpartition("/")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture
def production(tmp_path: Path):
    """Migrated, with two web processes, two workers, beat and the sandbox; nothing but the environment is different."""
    redis = os.environ["TEST_REDIS_URL"].rpartition("/")[0]
    database = new_database(os.environ["DATABASE_URL"], "quorum_journey")
    env = {
        "QUORUM_MODE": "production",
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": f"{redis}/5",
        "CACHE_URL": redis.replace("redis://", "rediscache://", 1) + "/6",
        "SECRET_KEY": "s9v2n4m8x0q1w7e5r3t6y2u4i8o0p1a5d7f9g3h6",
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    with running(tmp_path, **env) as stack:
        stack.env |= {"SITE_URL": stack.web, "UPSTREAM_ALLOWED_HOSTS": stack.sandbox.removeprefix("http://")}
        stack.manage("migrate", "--verbosity", "0")
        stack.manage("collectstatic", "--no-input", "--verbosity", "0")
        stack.manage("create_workspace", "Northwind", "--slug", "northwind", "--admin", "admin@northwind.example")
        stack.start_sandbox()
        stack.start_web(workers=2)
        for name in ("first", "second"):
            stack.start_worker(name, "--concurrency", "2", "--loglevel", "WARNING")
        stack.start_beat()
        yield stack


@pytest.mark.services
@pytest.mark.timeout(300)
def test_the_same_code_runs_on_postgresql_and_redis_with_many_processes(production: Stack) -> None:
    wait_for(lambda: get_ready(production), 60, production.said("web"))
    admin = production.api("admin@northwind.example", "northwind")
    made = admin.post(
        "connections/",
        json={"provider": "kombo", "name": "Kombo", "base_url": f"{production.sandbox}/kombo", "credentials": KOMBO},
    )
    assert made.status_code == 201, made.text
    assert KOMBO["api_key"] not in made.text
    main_journey(production, admin, made.json()["id"])


def get_ready(stack: Stack) -> bool:
    return httpx.get(f"{stack.web}/readyz", timeout=5).status_code == 200
