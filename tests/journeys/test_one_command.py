"""`make run`, as a new developer meets it: one command brings everything up, and one Ctrl-C ends it."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 90
STOP_SECONDS = 12


def status_of(url: str) -> int:
    """The status of an answer; 0 without any."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def demo(tmp_path: Path) -> dict[str, str]:
    """The environment of a demo with data and ports of its own, on the embedded defaults."""
    ours = {"QUORUM_MODE": "demo", "DATA_DIR": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
    ours |= {"PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
    other = ("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in other} | ours


@pytest.mark.timeout(START_SECONDS * 2)
def test_one_command_brings_everything_up_and_ctrl_c_ends_it(demo: dict[str, str], tmp_path: Path) -> None:
    web, sandbox = f"http://127.0.0.1:{demo['PORT']}", f"http://127.0.0.1:{demo['SANDBOX_PORT']}"
    said = tmp_path / "said"
    with (
        said.open("w") as output,
        subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=demo, stdout=output, stderr=output
        ) as quorum,
    ):
        try:
            assert wait_until(lambda: f"Quorum is ready: {web}/" in said.read_text(), START_SECONDS), said.read_text()
            assert (status_of(f"{web}/healthz"), status_of(f"{web}/readyz"), status_of(f"{sandbox}/")) == (
                200,
                200,
                200,
            )
            assert "recruiter@demo.test" in said.read_text()

            quorum.send_signal(signal.SIGINT)

            assert quorum.wait(STOP_SECONDS) == 0
        finally:
            quorum.kill()
    assert (status_of(f"{web}/healthz"), status_of(f"{sandbox}/")) == (0, 0)
    assert said.read_text().endswith("stopped\n")
