"""Demo workspaces, people and connections to the sandbox. Safe to run again; refuses to run in production."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from candidates.models import Source
from integrations.connections import USUALLY_EVERY
from integrations.enums import Health, SyncMode, Trigger
from integrations.importing import request_sync
from integrations.models import Connection
from integrations.offers import offered, terms
from integrations.registry import provider_class
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.linkup.account import ACCOUNT_ID, POSTINGS
from integrations.sandbox.linkup.account import API_KEY as LINKUP_KEY
from integrations.sandbox.recruspace.company import API_KEY as RECRUSPACE_KEY
from integrations.sandbox.talynce.organization import API_KEY as TALYNCE_KEY
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


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection of the demo, to the stand-in of the same name."""

    provider: str
    name: str
    credentials: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)


CONNECTIONS = (
    Connected("kombo", "Greenhouse via Kombo", {"api_key": API_KEY, "integration_id": INTEGRATION_ID}),
    Connected(
        "linkup",
        "LinkedIn via LinkUp",
        {"api_key": LINKUP_KEY, "account_id": ACCOUNT_ID},
        {"job_ids": [{"id": each.job_id, "title": each.title} for each in POSTINGS[:3]], "credit_budget": 60},
    ),
    Connected("recruspace", "Recruspace", {"api_key": RECRUSPACE_KEY}, {"pools": ["12", "15", "18"]}),
    Connected(
        "talynce",
        "Talynce",
        {"api_key": TALYNCE_KEY},
        {"reject_status": "Rejected", "shortlist_status": "shortlisted"},
    ),
)


class Command(BaseCommand):
    help = "Make the demo: two workspaces, five people, and connections that import from the sandbox."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo has known passwords and is not for production.")
        with transaction.atomic():
            workspaces = {slug: self.workspace(slug, name) for slug, name in WORKSPACES.items()}
            for email, full_name, slug, role in PEOPLE:
                self.person(email, full_name, workspaces[slug], role)
            for connection in CONNECTIONS:
                self.connection(workspaces["demo"], connection)

    def workspace(self, slug: str, name: str) -> Workspace:
        return Workspace.objects.get_or_create(slug=slug, defaults={"name": name})[0]

    def person(self, email: str, full_name: str, workspace: Workspace, role: str) -> None:
        user = User.objects.filter(email=email).first()
        if user is None:
            staff = {"is_staff": True, "is_superuser": True} if email == "admin@demo.test" else {}
            user = User.objects.create_user(email, PASSWORD, full_name=full_name, **staff)
        Membership.objects.get_or_create(workspace=workspace, user=user, defaults={"role": role})

    def connection(self, workspace: Workspace, demo: Connected) -> None:
        """Made without trying the credentials: the sandbox starts after this, and the first import tries them."""
        address = f"http://127.0.0.1:{settings.SANDBOX_PORT}/{demo.provider}"
        there = Connection.objects.filter(workspace=workspace, name=demo.name, disconnected_at=None).first()
        if there is not None:
            if there.base_url != address:
                Connection.objects.filter(pk=there.pk).update(base_url=address, updated_at=timezone.now())
            return
        provider = provider_class(demo.provider)
        source = Source.objects.create(
            workspace=workspace,
            name=demo.name,
            provider=demo.provider,
            provider_label=provider.label,
            pushes=offered(demo.provider, provider.pushes, demo.options),
            terms=terms(demo.provider, demo.options),
        )
        connection = Connection.objects.create(
            workspace=workspace,
            source=source,
            provider=demo.provider,
            name=demo.name,
            base_url=address,
            credentials=Secrets(demo.credentials),
            options=dict(demo.options),
            sync_every_minutes=USUALLY_EVERY.get(demo.provider, 180),
            health=Health.WAITING,
            health_detail="The first import is on its way.",
        )
        request_sync(connection, mode=SyncMode.FULL, trigger=Trigger.FIRST)
