"""Everything on one machine by one command: database, web, worker with beat and, in the demo, the sandbox."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from recruitment.supervisor import Supervisor

HOST = "127.0.0.1"
TRIES_BEFORE_READY = 3
LOOK_SECONDS = 0.2
QUEUES = "default,push,import,files"
WEB = "gunicorn recruitment.wsgi --worker-class gthread --workers 1 --threads 8 --no-control-socket --log-level warning"
WORKER = "celery --quiet -A recruitment worker -P threads -c 4 -B -l warning"
WORKER_ALONE = "--without-gossip --without-mingle --without-heartbeat"
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "recruitment.settings",
    "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",  # in containers root is usual
}
DEMO_LOGINS = """\
Sign in as one of these, with the password quorum-demo:
  admin@demo.test   recruiter@demo.test   reviewer@demo.test   reviewer2@demo.test   (workspace demo)
  admin@other.test                                                                   (workspace other)"""


class Command(BaseCommand):
    help = "Migrate, then run web, worker and, in the demo, the sandbox until Ctrl-C. Ports: PORT, SANDBOX_PORT."
    stopping = False

    def handle(self, *args: Any, **options: Any) -> None:
        port = int(os.environ.get("PORT") or 8000)
        ports = {"PORT": port} | ({"SANDBOX_PORT": settings.SANDBOX_PORT} if settings.DEMO else {})
        with only_one(settings.DATA_DIR):
            for name, number in ports.items():
                refuse_taken_port(name, number)
            self.prepare()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self.ask_to_stop)
            supervisor = Supervisor(os.environ | ENVIRONMENT, self.say, str(settings.BASE_DIR))
            try:
                self.run(supervisor, port)
            finally:
                self.say("stopping ...")
                supervisor.stop()
        self.say("stopped")

    def prepare(self) -> None:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        for stale in settings.DATA_DIR.glob("beat-schedule*"):  # a kill may have left it half-written; it is made anew
            stale.unlink()
        call_command("migrate", verbosity=0, interactive=False)
        if settings.DEMO and "demo" in get_commands():
            call_command("demo")

    def run(self, supervisor: Supervisor, port: int) -> None:
        """Start all and look after them until somebody asks to stop."""
        if settings.DEMO:
            state = str(settings.DATA_DIR / "sandbox.jsonl")
            supervisor.start("sandbox", "django", "sandbox", "--port", str(settings.SANDBOX_PORT), "--state", state)
        supervisor.start("web", *WEB.split(), "--bind", f"{HOST}:{port}", "--graceful-timeout", "5")
        schedule = str(settings.DATA_DIR / "beat-schedule")
        supervisor.start("worker", *WORKER.split(), "-s", schedule, "-Q", QUEUES, *WORKER_ALONE.split())
        address, ready = f"http://{HOST}:{port}/", False
        while not self.stopping:
            supervisor.tend()
            if not ready and answers(f"{address}healthz"):
                ready = True
                self.say(self.welcome(address))
            if not ready and any(child.failures >= TRIES_BEFORE_READY for child in supervisor.children.values()):
                raise CommandError("Quorum doesn't start; the reason stands above.")
            time.sleep(LOOK_SECONDS)

    def welcome(self, address: str) -> str:
        lines = [f"\nQuorum is ready: {address}"]
        if settings.DEMO:
            lines += [f"The providers' sandbox: http://{HOST}:{settings.SANDBOX_PORT}/", "", DEMO_LOGINS, ""]
        return "\n".join([*lines, "Ctrl-C stops everything."])

    def ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder's lock; the system gives it back however this process ends."""
    with (folder / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"Quorum is already running on the data in {folder}. Stop it, or give this one its own: DATA_DIR=..."
            ) from None
        yield


def refuse_taken_port(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(f"Port {port}: {error.strerror}. Choose another: make run {name}={port + 1}") from None


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 our own address
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False
