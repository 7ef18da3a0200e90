"""Demo workspaces, people and a connection to the sandbox. Safe to run again; refuses to run in production."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from candidates.models import Source
from integrations.enums import Health, SyncMode, Trigger
from integrations.importing import request_sync
from integrations.models import Connection
from integrations.registry import provider_class
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from recruitment.encryption import Secrets
from recruitment.models import Membership, Role, User, Workspace

PASSWORD = "quorum-demo"  # noqa: S105 design section 7: it works in the demo only
WORKSPACES = {"demo": "Northwind Talent", "other": "Harbour Recruiting"}
PEOPLE = (
    ("admin@demo.test", "Ana Koch", "demo", Role.ADMIN),
    ("recruiter@demo.test", "Leo Brandt", "demo", Role.RECRUITER),
    ("reviewer@demo.test", "Marta Vidal", "demo", Role.REVIEWER),
    ("reviewer2@demo.test", "Tunde Bello", "demo", Role.REVIEWER),
    ("admin@other.test", "Iris Lund", "other", Role.ADMIN),
)
CONNECTION = "Greenhouse via Kombo"


class Command(BaseCommand):
    help = "Make the demo: two workspaces, five people, and a connection that imports from the sandbox."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo has known passwords and is not for production.")
        with transaction.atomic():
            workspaces = {slug: self.workspace(slug, name) for slug, name in WORKSPACES.items()}
            for email, full_name, slug, role in PEOPLE:
                self.person(email, full_name, workspaces[slug], role)
            self.connection(workspaces["demo"])

    def workspace(self, slug: str, name: str) -> Workspace:
        return Workspace.objects.get_or_create(slug=slug, defaults={"name": name})[0]

    def person(self, email: str, full_name: str, workspace: Workspace, role: str) -> None:
        user = User.objects.filter(email=email).first()
        if user is None:
            staff = {"is_staff": True, "is_superuser": True} if email == "admin@demo.test" else {}
            user = User.objects.create_user(email, PASSWORD, full_name=full_name, **staff)
        Membership.objects.get_or_create(workspace=workspace, user=user, defaults={"role": role})

    def connection(self, workspace: Workspace) -> None:
        """Made without trying the credentials: the sandbox starts after this, and the first import tries them."""
        address = f"http://127.0.0.1:{settings.SANDBOX_PORT}/kombo"
        there = Connection.objects.filter(workspace=workspace, name=CONNECTION, disconnected_at=None).first()
        if there is not None:
            if there.base_url != address:
                Connection.objects.filter(pk=there.pk).update(base_url=address, updated_at=timezone.now())
            return
        kombo = provider_class("kombo")
        source = Source.objects.create(
            workspace=workspace,
            name=CONNECTION,
            provider="kombo",
            provider_label=kombo.label,
            pushes=dict(kombo.pushes),
        )
        connection = Connection.objects.create(
            workspace=workspace,
            source=source,
            provider="kombo",
            name=CONNECTION,
            base_url=address,
            credentials=Secrets(api_key=API_KEY, integration_id=INTEGRATION_ID),
            health=Health.WAITING,
            health_detail="The first import is on its way.",
        )
        request_sync(connection, mode=SyncMode.FULL, trigger=Trigger.FIRST)
