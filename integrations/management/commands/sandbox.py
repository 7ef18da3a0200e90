"""Start the provider sandbox: ``manage.py sandbox --port 9100``. It uses no database."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from integrations.sandbox.server import Sandbox


class Command(BaseCommand):
    help = "Serve stand-ins for the providers over HTTP, with a page that shows what they hold and received."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=9100)
        parser.add_argument("--people", type=int, default=320)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--read-delay", type=float, default=20, help="seconds until reads show a write")
        parser.add_argument("--state", help="file that keeps what was written over a restart")
        parser.add_argument("--lift-limits", action="store_true", help="no rate limit, for benchmarks")

    def handle(self, **options: Any) -> None:
        sandbox = Sandbox(
            options["port"],
            host=options["host"],
            people=options["people"],
            seed=options["seed"],
            read_delay=options["read_delay"],
            state=options["state"],
            lift_limits=options["lift_limits"],
        )

        def stop(*_signal: object) -> None:
            # shutdown() waits for the loop to end, and this handler runs inside that loop
            threading.Thread(target=sandbox.httpd.shutdown, daemon=True).start()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.stdout.write(f"Sandbox at {sandbox.url}")
        self.stdout.flush()
        sandbox.serve()
        sandbox.close()
