"""Reading the environment strictly: unsafe settings stop the start, with a sentence that says what to do."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 40


def _kept_secret(path: Path, make: Any) -> str:
    """The secret in ``path``, made at the first call. Readable by its owner alone."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was faster
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(make())
    return path.read_text().strip()


def local_secret(path: Path, *, allowed: bool) -> str:
    """A secret key kept in the data folder, for a machine that serves nobody but its owner."""
    return _kept_secret(path, lambda: secrets.token_urlsafe(50)) if allowed else ""


def local_fernet_key(path: Path, *, allowed: bool) -> str:
    return _kept_secret(path, lambda: Fernet.generate_key().decode()) if allowed else ""


def refuse_unsafe(
    *, debug: bool, secret_key: str, allowed_hosts: list[str], site_url: str, encryption_keys: list[str]
) -> None:
    """Raise ImproperlyConfigured with every reason at once why production must not start."""
    reasons = []
    if debug:
        reasons.append("DEBUG is on. Unset it.")
    if len(secret_key) < SHORTEST_SECRET or len(set(secret_key)) < 10:
        reasons.append(f"SECRET_KEY is missing or weak. Set at least {SHORTEST_SECRET} random characters.")
    if not allowed_hosts or "*" in allowed_hosts:
        reasons.append("ALLOWED_HOSTS must name the hosts that Quorum serves.")
    if not site_url:
        reasons.append("SITE_URL is missing. Links in e-mails are made from it.")
    if not all(_is_fernet_key(key) for key in encryption_keys):
        reasons.append("FIELD_ENCRYPTION_KEYS must hold Fernet keys (32 bytes, base64), newest first.")
    if reasons:
        raise ImproperlyConfigured("Quorum won't start like this:\n  - " + "\n  - ".join(reasons))


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def database_options(database: dict[str, Any], *, test_dir: Path) -> dict[str, Any]:
    """Options that make each engine safe under several writers."""
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return {
            "OPTIONS": {
                # IMMEDIATE: a transaction that reads first and then writes would fail instead of waiting otherwise.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
            "TEST": {"NAME": str(test_dir / "test.sqlite3")},  # a file: in memory, threads meet "table is locked"
        }
    return {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **database.get("OPTIONS", {}),
            "connect_timeout": 5,
            "options": "-c statement_timeout=60000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=120000",
        },
    }


def broker_options(url: str, data_dir: Path) -> dict[str, Any]:
    """Options for Celery's transport. The folder broker needs its folders; Redis needs short redelivery."""
    if url.startswith("files"):
        folders = {name: data_dir / "queue" / name for name in ("new", "inflight", "control")}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(folders["new"]),
            "data_folder_out": str(folders["new"]),
            "processed_folder": str(folders["inflight"]),
            "control_folder": str(folders["control"]),
            "store_processed": True,
            "polling_interval": 0.1,
        }
    if url.startswith("redis"):
        return {
            "visibility_timeout": 900,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
        }
    return {}
