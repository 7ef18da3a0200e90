"""The first step of an installation: a workspace and its admin."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recruitment.errors import DomainError
from recruitment.team import create_workspace, password_link


class Command(BaseCommand):
    help = "Make a workspace with its first admin, and print a link with which the admin sets a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--slug", required=True)
        parser.add_argument("--admin", required=True, metavar="EMAIL")

    def handle(self, *args: Any, name: str, slug: str, admin: str, **options: Any) -> None:
        try:
            _workspace, member = create_workspace(name, slug, admin_email=admin)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(password_link(member.user))
