"""Run a command beside a private PostgreSQL and Redis on free ports, thrown away afterwards.

    python -m tests.services --install                   install what is missing, where this user may (root with apt)
    python -m tests.services -- python -m pytest ...     start, run, stop

A preset DATABASE_URL or TEST_REDIS_URL is taken as it is. What can't be had is named at the end, and the answer is then
a failure even if the command succeeded: a test that didn't run proves nothing.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import sync_playwright

from tests.browser import find_chromium, find_playwright_browser

ROOT = os.geteuid() == 0
START_SECONDS = STOP_SECONDS = 30
HOW = {
    "PostgreSQL": "install the server (Debian: postgresql, Homebrew: postgresql), or set DATABASE_URL",
    "Redis": "install the server (Debian: redis-server, Homebrew: redis), or set TEST_REDIS_URL",
    "Chromium": "install it (Debian: chromium; elsewhere: .venv/bin/playwright install chromium), or set CHROMIUM",
}
PACKAGES = {"PostgreSQL": "postgresql", "Redis": "redis-server", "Chromium": "chromium"}


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped on the way out
    if arguments == ["--install"]:
        install(missing())
        return 0
    if arguments[:1] != ["--"] or len(arguments) < 2:
        sys.exit(__doc__)
    return run(arguments[1:])


def run(command: list[str]) -> int:
    lacking = missing()
    with ExitStack() as stack:
        env = os.environ.copy()
        if "DATABASE_URL" not in env and "PostgreSQL" not in lacking:
            env["DATABASE_URL"] = stack.enter_context(postgresql())
        if "TEST_REDIS_URL" not in env and "Redis" not in lacking:
            env["TEST_REDIS_URL"] = stack.enter_context(redis())
        code = subprocess.run(command, env=env, check=False).returncode
    for name in lacking:
        print(f"NOT TESTED: {name} is missing; {HOW[name]}.", file=sys.stderr)
    return code or int(bool(lacking))


def missing() -> list[str]:
    found = {
        "PostgreSQL": os.environ.get("DATABASE_URL") or postgresql_folder(),
        "Redis": os.environ.get("TEST_REDIS_URL") or redis_program(),
        "Chromium": find_chromium() or installed_by_playwright(),
    }
    return [name for name, place in found.items() if not place]


def installed_by_playwright() -> str:
    with sync_playwright() as playwright:
        return find_playwright_browser(playwright)


def postgresql_folder() -> Path | None:
    """The folder of the newest server's programs."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql*/bin")]
    places = sorted((place for place in places if (place / "initdb").exists()), key=version_of)
    in_path = shutil.which("postgres")
    return places[-1] if places else Path(in_path).parent if in_path and shutil.which("initdb") else None


def version_of(folder: Path) -> int:
    return int("".join(filter(str.isdigit, folder.parent.name)) or 0)


def redis_program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


def install(names: list[str]) -> None:
    """Install by apt as root; elsewhere say nothing yet, the test run names what is missing."""
    if not names:
        return
    if ROOT and shutil.which("apt-get"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # install, but start nothing
        packages = [PACKAGES[name] for name in names if name != "Chromium" or has_chromium_package()]
        print(f"installing {', '.join(names)} ...", flush=True)
        quietly(["apt-get", "update", "-q"], env)
        if packages:
            quietly(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], env)
    if "Chromium" in missing():
        quietly([sys.executable, "-m", "playwright", "install", "chromium", *(["--with-deps"] if ROOT else [])], None)


def has_chromium_package() -> bool:
    """Ubuntu's package of that name is a stub that asks for snap."""
    return "ID=debian" in Path("/etc/os-release").read_text().splitlines()


def quietly(command: list[str], env: dict[str, str] | None) -> None:
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600, check=False)
    except subprocess.TimeoutExpired:
        print(f"{' '.join(command)}: no end after 10 minutes", file=sys.stderr)
        return
    if done.returncode:
        print(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}", file=sys.stderr)


@contextmanager
def postgresql() -> Iterator[str]:
    """A fresh cluster, owned by another user than root; yields the DATABASE_URL of an empty database."""
    programs = postgresql_folder()
    assert programs is not None
    owner = "postgres" if ROOT else None
    port, password = free_port(), secrets.token_hex(16)
    with own_folder("quorum-postgresql-", owner) as folder:
        password_file = folder / "password"
        password_file.write_text(password)
        options = ["-U", "app", "-A", "scram-sha-256", f"--pwfile={password_file}", "-E", "UTF8", "--locale=C.UTF-8"]
        initdb = [str(programs / "initdb"), "-D", str(folder / "data"), "--no-sync", *options]
        give_to(owner, folder, password_file)
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user(owner))
        command = [str(programs / "postgres"), "-D", str(folder / "data"), *server_options(port)]
        url = f"postgres://app:{password}@127.0.0.1:{port}"
        with server(command, folder, lambda: create_database(url), signal.SIGINT, owner):
            yield f"{url}/quorum"


def server_options(port: int) -> list[str]:
    """No socket file, whose path may be too long; no flushing, since nothing is to be kept."""
    options = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    options |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
    return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]


def create_database(url: str) -> bool:
    try:
        with psycopg.connect(f"{url}/postgres", autocommit=True, connect_timeout=1) as connection:
            connection.execute("CREATE DATABASE quorum")
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def redis() -> Iterator[str]:
    """An empty Redis that saves nothing; yields its URL."""
    port, password = free_port(), secrets.token_hex(16)
    with own_folder("quorum-redis-") as folder:
        command = [str(redis_program()), "-"]
        settings = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {folder}\n'
        with server(command, folder, lambda: answers(port), signal.SIGTERM, settings=settings):
            yield f"redis://:{password}@127.0.0.1:{port}/0"


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def server(
    command: list[str],
    folder: Path,
    ready: Callable[[], bool],
    stop: signal.Signals,
    owner: str | None = None,
    *,
    settings: str = "",
) -> Iterator[None]:
    """Run a server until the block ends. In a session of its own: Ctrl-C ends the tests first."""
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True, **as_user(owner)
        )
        try:
            assert process.stdin is not None
            process.stdin.write(settings.encode())
            process.stdin.close()
            deadline = time.monotonic() + START_SECONDS
            while not ready():
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    sys.exit(f"{command[0]} did not start:\n{log.read()}")
                time.sleep(0.05)
            yield
        finally:
            process.send_signal(stop)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def own_folder(prefix: str, owner: str | None = None) -> Iterator[Path]:
    """A private temporary folder, for `owner` to use. Root's TMPDIR may be closed to others, /tmp is not."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir="/tmp" if owner else None, ignore_cleanup_errors=True) as name:
        yield Path(name)


def give_to(owner: str | None, *paths: Path) -> None:
    for path in paths if owner else ():
        shutil.chown(path, owner, pwd.getpwnam(str(owner)).pw_gid)


def as_user(owner: str | None) -> dict[str, Any]:
    """Arguments of subprocess that run the program as that user."""
    return {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []} if owner else {}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
