"""``manage.py create_token EMAIL --workspace SLUG``: prints a token alone on its line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recruitment.models import Membership, User, Workspace
from recruitment.models.user import normalise_email
from recruitment.tokens import create_token


class Command(BaseCommand):
    help = "Make an API token with the rights of one member. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--name", default="Command line", help="To tell the member's tokens apart.")

    def handle(self, *args: Any, **options: Any) -> None:
        member = _member(normalise_email(options["email"]), options["workspace"])
        _token, secret = create_token(member, options["name"])
        self.stdout.write(secret)


def _member(email: str, slug: str) -> Membership:
    if not Workspace.objects.filter(slug=slug).exists():
        raise CommandError(f"There is no workspace “{slug}”.")
    if not User.objects.filter(email=email).exists():
        raise CommandError(f"There is no user with the e-mail address {email}.")
    found = Membership.objects.active().filter(user__email=email, workspace__slug=slug).first()
    if found is None:
        raise CommandError(f"{email} is not an active member of the workspace “{slug}”.")
    return found
