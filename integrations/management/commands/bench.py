"""Measure the budgets: ``manage.py bench --candidates 100000``. In a database of its own; never in production."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from integrations.bench import flows, imports, people, screens
from integrations.bench.places import free_port, own_database
from integrations.bench.report import Line, table


class Command(BaseCommand):
    help = "Build a data set in a database of its own and measure screens, API, search, imports and pushes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--candidates", type=int, default=10_000, help="10,000 without it")
        parser.add_argument("--no-http", action="store_true", help="leave out imports and pushes")
        parser.add_argument("--no-screens", action="store_true", help="leave out screens, API, verdicts and search")
        parser.add_argument("--explain", action="store_true", help="show the slowest statement of what is over budget")
        parser.add_argument("--keep", action="store_true", help="keep the database, and take one that was kept")
        parser.add_argument("--strict", action="store_true", help="fail when a budget is not met")
        parser.add_argument("--inside", action="store_true", help="used by the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The bench fills a database with invented people. It doesn't run in production.")
        if options["candidates"] < 1000:
            raise CommandError("With fewer than 1,000 people there is nothing to measure.")
        if options["inside"]:
            self.measure(options)
        else:
            self.launch(options)

    def launch(self, options: dict[str, Any]) -> None:
        """The same command in a process of its own, with nothing of this installation but the server's address."""
        flags = [
            f"--{name.replace('_', '-')}"
            for name in ("no_http", "no_screens", "explain", "keep", "strict")
            if options[name]
        ]
        command = [sys.executable, "manage.py", "bench", "--inside", "--candidates", str(options["candidates"]), *flags]
        with tempfile.TemporaryDirectory(prefix="quorum-bench-") as name:
            folder = Path(name)
            with own_database(folder, keep=options["keep"]) as url:
                env = os.environ | {
                    "QUORUM_MODE": "demo",
                    "DATABASE_URL": url,
                    "DATA_DIR": str(folder / "data"),
                    "CELERY_BROKER_URL": "files://",
                    "CACHE_URL": "locmemcache://",
                    "SANDBOX_PORT": str(free_port()),
                    "UPSTREAM_ALLOWED_HOSTS": "",
                    "API_RATE": "1000000/min",
                    "LOG_LEVEL": "ERROR",
                    "DEBUG": "0",
                }
                code = subprocess.call(command, env=env, cwd=settings.BASE_DIR)
        if code:
            raise CommandError("The bench did not end well.")

    def measure(self, options: dict[str, Any]) -> None:
        size, missed = options["candidates"], []
        call_command("migrate", verbosity=0)
        self.told(f"{connection.vendor}, {size:,} people, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        if not options["no_http"]:
            # First: the peak of memory is then that of the imports.
            lines, member = imports.measure(size, self.told)
            lines += imports.decisions(member, size)
            lines += imports.bulk(member)
            missed += self.show("Imports and pushes", lines)
        if not options["no_screens"]:
            world = people.make_world(size, self.told)
            missed += self.show("Verdicts and search", [*flows.save_and_next(world), *flows.search(world)])
            lines, slow = screens.measure(world)
            missed += self.show("Screens and API", lines)
            for one in slow if options["explain"] else ():
                self.stdout.write("\n".join(["", f"{one.name}: {one.seconds:.3f} s", one.sql, *one.plan]))
        self.stdout.write(f"\n{len(missed)} over budget" if missed else "\nAll budgets met")
        if missed and options["strict"]:
            raise CommandError("Over budget: " + ", ".join(line.what for line in missed))

    def show(self, title: str, lines: list[Line]) -> list[Line]:
        """Print a table; answers the lines that are over budget."""
        self.stdout.write(table(title, lines))
        self.stdout.flush()
        return [line for line in lines if line.met is False]

    def told(self, words: str) -> None:
        self.stderr.write(f"  {words}")
