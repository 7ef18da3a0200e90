"""A folder as Celery's broker, for one machine: kombu's filesystem transport made safe.

Three differences: a message appears whole or not at all (write aside, rename); it stays in the folder of claims until
the worker acknowledges it; `recover()` gives messages of a worker that died back to the queue. Selected by
``CELERY_BROKER_URL=files://``; the folders are named in ``CELERY_BROKER_TRANSPORT_OPTIONS``.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar, TextIO

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


class QoS(virtual.QoS):
    def ack(self, delivery_tag: str) -> None:
        super().ack(delivery_tag)
        self.channel.forget(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        super().reject(delivery_tag, requeue=requeue)
        self.channel.forget(delivery_tag)


class Channel(filesystem.Channel):
    QoS = QoS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._claimed: dict[str, Path] = {}
        self._no_ack: set[str] = set()

    def basic_consume(self, queue: str, no_ack: bool, *args: Any, **kwargs: Any) -> Any:
        if no_ack:
            self._no_ack.add(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        delivery_tag = payload["properties"]["delivery_tag"]
        name = f"{time.time_ns():020d}_{delivery_tag}.{queue}.msg"
        folder = Path(self.data_folder_out)
        aside = folder / f".{name}.tmp"
        with aside.open("wb") as file:
            file.write(str_to_bytes(dumps(payload)))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(folder / name)
        self.forget(delivery_tag)  # a restored message replaces its claim

    def _get(self, queue: str) -> dict[str, Any]:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            claim = Path(self.processed_folder) / name
            try:
                (Path(self.data_folder_in) / name).rename(claim)
            except FileNotFoundError:
                continue  # another worker was faster
            payload = loads(bytes_to_str(claim.read_bytes()))
            delivery_tag = payload["properties"]["delivery_tag"]
            self._claimed[delivery_tag] = claim
            if queue in self._no_ack:  # remote control: nobody will acknowledge it
                self.forget(delivery_tag)
            return payload
        raise Empty

    def forget(self, delivery_tag: str) -> None:
        claim = self._claimed.pop(delivery_tag, None)
        if claim:
            claim.unlink(missing_ok=True)


class Transport(filesystem.Transport):
    Channel = Channel
    default_connection_params: ClassVar[dict[str, Any]] = {}  # a folder has no host that kombu could miss


def register() -> None:
    """Make ``files://`` known to kombu, and so to Celery."""
    TRANSPORT_ALIASES["files"] = "recruitment.fsbroker:Transport"


def take_over(options: dict[str, Any]) -> TextIO:
    """Call as a worker starts: what dead workers left behind goes back to the queue, unless another worker lives.

    Answers the open lock file that tells later workers of this one; keep it for as long as the worker runs.
    """
    control = Path(options["control_folder"])
    lock = (control / "worker.lock").open("w")
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        recover(Path(options["processed_folder"]), Path(options["data_folder_in"]))
        _drop_half_written(control)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def recover(claims: Path, queue: Path) -> int:
    """Give back what dead workers had claimed; answers how many messages. Call only while no worker runs."""
    names = sorted(os.listdir(claims))
    for name in names:
        (claims / name).replace(queue / name)
    return len(names)


def _drop_half_written(control: Path) -> None:
    """Remove tables of queues that a kill left half-written: kombu fails on them, and declares missing ones anew."""
    for table in control.glob("*.exchange"):
        try:
            json.loads(table.read_text())
        except ValueError:
            table.unlink(missing_ok=True)
