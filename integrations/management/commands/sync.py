"""The same import by hand, in the foreground."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.enums import SyncMode
from integrations.importing import request_sync, run
from integrations.models import Connection, SyncRun, SyncStream
from recruitment.errors import Conflict


class Command(BaseCommand):
    help = "Import from one connection, or from all of them, and show how it goes."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("connection", nargs="?", help="the connection's id")
        which.add_argument("--all", action="store_true", help="every connection that is neither paused nor taken away")
        parser.add_argument("--full", action="store_true", help="everything, not only what changed")
        parser.add_argument("--dry-run", action="store_true", help="count what would happen, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        mode = SyncMode.FULL if options["full"] else SyncMode.INCREMENTAL
        ended = [self.sync(connection, mode, options["dry_run"]) for connection in self.chosen(options)]
        failed = [name for name in ended if name]
        if failed:
            raise CommandError(f"Not complete: {', '.join(failed)}")

    def chosen(self, options: dict[str, Any]) -> list[Connection]:
        there = Connection.objects.filter(disconnected_at=None).defer("credentials").order_by("name", "pk")
        if options["all"]:
            return list(there.filter(paused=False))
        try:
            return [there.get(pk=UUID(options["connection"]))]
        except (ValueError, Connection.DoesNotExist):
            raise CommandError("There is no connection with this id.") from None

    def sync(self, connection: Connection, mode: str, dry_run: bool) -> str:
        """The connection's name if the import did not end well, else nothing."""
        try:
            asked = request_sync(connection, mode=mode, dry_run=dry_run)
        except Conflict as error:
            self.stdout.write(f"{connection.name}: {error.message}")
            return connection.name
        run(asked.pk, progress=self.show, foreground=True)
        ended = SyncRun.objects.get(pk=asked.pk)
        words = f"{connection.name}: {ended.get_state_display().lower()}"
        self.stdout.write(f"{words}. {ended.error_message}".rstrip())
        return "" if ended.state == "succeeded" else connection.name

    def show(self, stream: SyncStream) -> None:
        self.stdout.write(
            f"  {stream.name}: {stream.fetched:,} read, {stream.created:,} new, {stream.updated:,} changed, "
            f"{stream.unchanged:,} unchanged, {stream.set_aside:,} set aside"
        )
        self.stdout.flush()
