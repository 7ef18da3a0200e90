"""Webhooks to the app: data-changed, then sync-finished, signed (kombo.md 12). Without the 30-second collecting."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from integrations.sandbox.kombo.ids import kombo_id
from integrations.sandbox.kombo.integration import END_USER, INTEGRATION_ID
from integrations.sandbox.kombo.store import Store

TRIES = 2


def signature(secret: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Hooks:
    """Sends from one thread, which also lets the read copy catch up when nobody is reading."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sent: list[dict[str, Any]] = []
        self._queue: queue.Queue[dict[str, Any] | str] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._counter = int(time.time() * 1000) << 8
        store.on_change = self.on_change
        if self.target:
            self._start()

    @property
    def target(self) -> dict[str, str]:
        return self.store.settings.get("hook") or {}

    def configure(self, url: str, secret: str) -> None:
        """An empty ``url`` switches webhooks off."""
        self.store.set("hook", {"url": url, "secret": secret} if url else {})
        self._start()

    def wake(self) -> None:
        """Something new may become due: look again."""
        if self._thread:
            self._queue.put("wake")

    def close(self) -> None:
        if self._thread:
            self._queue.put("stop")

    def on_change(self, models: list[str], started: str, ended: str) -> None:
        if not self.target:
            return
        about = {
            "integration_id": INTEGRATION_ID,
            "integration_tool": INTEGRATION_ID.partition(":")[0],
            "integration_category": "ATS",
        }
        if models:
            self._put("data-changed", {**about, "changed_models": [{"name": name} for name in models]})
        sync_id = self.new_id()
        self._put(
            "sync-finished",
            {
                "sync_id": sync_id, "sync_state": "SUCCEEDED", "sync_started_at": started, "sync_ended_at": ended,
                "sync_duration_seconds": 1, **about, "end_user": END_USER,
                "log_url": f"https://app.kombo.test/env/sandbox/logs/{sync_id}",
            },
        )  # fmt: skip

    def new_id(self) -> str:
        self._counter += 1
        return kombo_id(self._counter)

    def _put(self, kind: str, data: dict[str, Any]) -> None:
        self._queue.put({"id": self.new_id(), "type": kind, "data": data})

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="kombo-hooks", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            wait = self.store.seconds_to_next()
            try:
                item = self._queue.get(timeout=None if wait is None else wait + 0.01)
            except queue.Empty:
                self.store.settle()
                continue
            if item == "stop":
                return
            if isinstance(item, dict):
                self._send(item)

    def _send(self, payload: dict[str, Any]) -> None:
        target = self.target
        if not target:
            return
        body = json.dumps(payload, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "X-Kombo-Signature": signature(target["secret"], body)}
        status: int | None = None
        for _ in range(TRIES):
            request = urllib.request.Request(target["url"], data=body, headers=headers, method="POST")  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - the operator named the address
                    status = answer.status
                    break
            except urllib.error.HTTPError as error:
                status = error.code
            except (OSError, ValueError):
                status = None
        self.sent.append({"at": self.store.clock.iso(), "type": payload["type"], "id": payload["id"], "status": status})
