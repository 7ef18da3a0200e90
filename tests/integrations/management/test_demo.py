"""The demo's workspaces and people, and the import by hand."""

from __future__ import annotations

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Candidate
from integrations.models import Connection, SyncRun
from integrations.sandbox.server import Sandbox
from recruitment.models import Membership, User

pytestmark = pytest.mark.django_db


def test_the_demo_is_made_once_however_often_it_is_run():
    call_command("demo")
    call_command("demo")

    people = Membership.objects.order_by("user__email").values_list("user__email", "workspace__slug", "role")
    assert list(people) == [
        ("admin@demo.test", "demo", "admin"),
        ("admin@other.test", "other", "admin"),
        ("recruiter@demo.test", "demo", "recruiter"),
        ("reviewer2@demo.test", "demo", "reviewer"),
        ("reviewer@demo.test", "demo", "reviewer"),
    ]
    assert all(user.check_password("quorum-demo") for user in User.objects.all())
    names = Connection.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["Greenhouse via Kombo", "LinkedIn via LinkUp", "Recruspace", "Talynce"]
    assert set(SyncRun.objects.values_list("trigger", flat=True)) == {"first"}
    assert "sandbox-kombo-key" not in str(Connection.objects.values("credentials").first())


def test_the_demo_refuses_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("demo")
    assert User.objects.count() == 0


def test_sync_imports_in_the_foreground_and_says_how_it_goes(settings):
    with Sandbox(people=20) as running:
        settings.SANDBOX_PORT = urlsplit(running.url).port
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        call_command("demo")
        SyncRun.objects.all().delete()
        out = StringIO()
        call_command("sync", "--all", "--full", "--dry-run", stdout=out)
        assert Candidate.objects.count() == 0
        kombo = Connection.objects.get(provider="kombo")
        call_command("sync", str(kombo.pk), stdout=out)

    assert Candidate.objects.count() == 20
    assert "candidates: 20 read, 20 new, 0 changed, 0 unchanged, 0 set aside" in out.getvalue()
    assert out.getvalue().endswith("Greenhouse via Kombo: succeeded.\n")


def test_sync_names_what_it_cannot_find():
    with pytest.raises(CommandError):
        call_command("sync", "nonsense")
