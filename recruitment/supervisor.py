"""A few child processes kept running together: restarted when they die, all stopped at the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from recruitment.child import GRACE_SECONDS

LONGEST_PAUSE_SECONDS = 30
HEALTHY_SECONDS = 30  # a child that lived so long starts again without a pause


@dataclass
class Child:
    """One program: a module with its arguments, run by this Python."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes]
    started: float
    failures: int = 0
    restart_at: float | None = None


@dataclass
class Supervisor:
    """Starts its children, and `tend` looks after them; call it a few times a second."""

    env: Mapping[str, str]
    say: Callable[[str], object]
    folder: str
    children: dict[str, Child] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._watched, self._held = os.pipe()  # closed by the system when this process ends: see recruitment.child

    def start(self, name: str, *arguments: str) -> None:
        self.children[name] = Child(name, list(arguments), self._launch(arguments), time.monotonic())

    def tend(self) -> None:
        """Notice dead children and start them again, each time after a longer pause."""
        for child in self.children.values():
            if child.restart_at is None and child.process.poll() is not None:
                self._bury(child)
            if child.restart_at is not None and time.monotonic() >= child.restart_at:
                child.process, child.started, child.restart_at = self._launch(child.arguments), time.monotonic(), None

    def stop(self) -> None:
        """Ask all to end, then end what has not. Returns within about ten seconds."""
        running = [child.process for child in self.children.values() if child.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
            _kill_group(process)
            process.wait()

    def _launch(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "recruitment.child", str(self._watched), *arguments]
        return subprocess.Popen(
            command, cwd=self.folder, env=dict(self.env), pass_fds=[self._watched], start_new_session=True
        )

    def _bury(self, child: Child) -> None:
        _kill_group(child.process)  # what it had started must not go on beside the new one
        lived = time.monotonic() - child.started
        child.failures = 1 if lived > HEALTHY_SECONDS else child.failures + 1
        pause = min(2 ** (child.failures - 1), LONGEST_PAUSE_SECONDS)
        child.restart_at = time.monotonic() + pause
        self.say(f"{child.name} ended with {child.process.returncode}; starting it again in {pause} s")


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """The child leads a process group of its own; what is left of it ends here."""
    with suppress(ProcessLookupError, PermissionError):  # the latter is how macOS says that only a corpse is left
        os.killpg(process.pid, signal.SIGKILL)
