import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recruitment.supervisor import Supervisor

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 20


def wait_until(happened: Callable[[], bool]) -> bool:
    """Whether it happened in time; returns as soon as it did."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    """Running, or at least not yet dead; a corpse that nobody has collected counts as dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def program(tmp_path: Path) -> str:
    """A module that starts a child of its own, notes both numbers in the file `pids`, and waits for ever."""
    (tmp_path / "patient.py").write_text(
        textwrap.dedent(
            """
            import os, pathlib, subprocess, sys, time
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            aside = pathlib.Path(sys.argv[1] + ".part")
            aside.write_text(f"{os.getpid()} {child.pid}")
            aside.rename(sys.argv[1])
            time.sleep(600)
            """
        )
    )
    return "patient"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    lines: list[str] = []
    supervisor = Supervisor(os.environ | {"PYTHONPATH": str(tmp_path)}, lines.append, str(ROOT))
    yield supervisor
    supervisor.stop()


def started(pids: Path) -> list[int]:
    """The numbers of the program and of its child, once both run."""
    assert wait_until(pids.exists)
    numbers = [int(number) for number in pids.read_text().split()]
    pids.unlink()
    return numbers


def test_stop_ends_the_children_and_their_children(supervisor: Supervisor, program: str, tmp_path: Path) -> None:
    supervisor.start("one", program, str(tmp_path / "pids"))
    numbers = started(tmp_path / "pids")

    supervisor.stop()

    assert wait_until(lambda: [is_alive(number) for number in numbers] == [False, False])


def test_a_killed_child_is_started_again_without_what_it_left_behind(
    supervisor: Supervisor, program: str, tmp_path: Path
) -> None:
    supervisor.start("one", program, str(tmp_path / "pids"))
    first, its_child = started(tmp_path / "pids")
    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        supervisor.tend()
        return (tmp_path / "pids").exists()

    assert wait_until(is_back)
    assert started(tmp_path / "pids")[0] != first
    assert not is_alive(its_child)


def test_a_child_that_keeps_failing_is_tried_less_and_less_often(supervisor: Supervisor) -> None:
    supervisor.start("broken", "no_such_module")
    child = supervisor.children["broken"]

    def has_failed_twice() -> bool:
        supervisor.tend()
        return child.failures == 2

    assert wait_until(has_failed_twice)
    assert child.restart_at is not None
    assert 1 < child.restart_at - time.monotonic() <= 2


def test_the_children_end_when_the_parent_is_killed(program: str, tmp_path: Path) -> None:
    script = f"""
        import os, time
        from recruitment.supervisor import Supervisor
        supervisor = Supervisor(os.environ | {{"PYTHONPATH": {str(tmp_path)!r}}}, print, {str(ROOT)!r})
        supervisor.start("one", {program!r}, {str(tmp_path / "pids")!r})
        time.sleep(600)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT) as parent:
        numbers = started(tmp_path / "pids")
        parent.kill()

        assert wait_until(lambda: [is_alive(number) for number in numbers] == [False, False])
