"""Quorum as separate processes, driven from outside: what a journey needs, on whatever the environment names."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from tests.services import free_port

ROOT = Path(__file__).parents[2]
OURS = ("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE", "QUORUM_MODE", "DATA_DIR")
KOMBO = {"api_key": API_KEY, "integration_id": INTEGRATION_ID}
Found = TypeVar("Found")


def wait_for(what: Callable[[], Found | bool | None], seconds: float, why: str) -> Found:
    """The first truthy answer. Fails with ``why`` when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found  # type: ignore[return-value]
        assert time.monotonic() < deadline, why
        time.sleep(0.1)


@dataclass
class Stack:
    """``env`` is what the processes see beside PATH and the like; ``folder`` holds their data and what they said."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        ports = {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
        self.env = {**kept, "DATA_DIR": str(self.folder / "data"), "PYTHONUNBUFFERED": "1", **ports, **self.env}

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.env['PORT']}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.env['SANDBOX_PORT']}"

    def manage(self, *arguments: str) -> str:
        """Run a command to its end; what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout.strip()

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """A process of its own group, so that killing it kills what it started."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        self.processes[name] = process
        return process

    def start_sandbox(self, *options: str) -> None:
        self.start("sandbox", "manage.py", "sandbox", "--port", self.env["SANDBOX_PORT"], *options)
        wait_for(lambda: answers(self.sandbox), 30, self.said("sandbox"))

    def start_web(self, workers: int = 1) -> None:
        bind = ("--bind", f"127.0.0.1:{self.env['PORT']}", "--worker-class", "gthread", "--threads", "4")
        self.start(
            "web", "-m", "gunicorn", "recruitment.wsgi", "--workers", str(workers), *bind, "--log-level", "warning"
        )
        wait_for(lambda: answers(f"{self.web}/healthz"), 60, self.said("web"))

    def start_worker(self, name: str = "worker", *options: str) -> subprocess.Popen[bytes]:
        queues = ("-Q", "default,push,import,files")
        return self.start(name, "-m", "celery", "-A", "recruitment", "worker", "-n", f"{name}@%h", *queues, *options)

    def start_beat(self) -> None:
        schedule = ("-s", str(self.folder / "beat-schedule"))
        self.start("beat", "-m", "celery", "-A", "recruitment", "beat", *schedule)

    def kill(self, name: str) -> None:
        """SIGKILL to the process and everything it started."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def said(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text()[-4000:] if path.exists() else ""

    def api(self, email: str, workspace: str) -> httpx.Client:
        """A client with a fresh token of this member."""
        token = self.manage("create_token", email, "--workspace", workspace)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=f"{self.web}/api/v1/", headers=headers, timeout=30)

    def told(self) -> list[dict[str, Any]]:
        """Every write that the sandbox received, oldest first."""
        return httpx.get(f"{self.sandbox}/_control/kombo/writes", timeout=10).json()["writes"]

    def stop(self) -> None:
        for process in self.processes.values():
            os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def running(folder: Path, **env: str) -> Iterator[Stack]:
    stack = Stack(folder, env)
    try:
        yield stack
    finally:
        stack.stop()


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code < 500
    except httpx.HTTPError:
        return False
