"""The folder as a broker, through kombu's own interface."""

import fcntl
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from threading import Thread

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue

from recruitment import fsbroker


@pytest.fixture
def options(tmp_path: Path) -> dict[str, object]:
    folders = {name: tmp_path / name for name in ("new", "inflight", "control")}
    for folder in folders.values():
        folder.mkdir()
    return {
        "data_folder_in": str(folders["new"]),
        "data_folder_out": str(folders["new"]),
        "processed_folder": str(folders["inflight"]),
        "control_folder": str(folders["control"]),
        "store_processed": True,
        "polling_interval": 0.01,
    }


@pytest.fixture
def connect(options: dict[str, object]) -> Callable[[], SimpleQueue]:
    fsbroker.register()
    fsbroker.Transport.global_state.clear()  # a process remembers its queues; each test has folders of its own
    return lambda: Connection("files://", transport_options=options).SimpleQueue("work")


def left(options: dict[str, object], folder: str) -> int:
    return len(list(Path(str(options[folder])).glob("*.msg")))


def test_messages_arrive_in_order_and_an_acknowledged_one_leaves_nothing_behind(connect, options) -> None:
    for number in range(3):
        connect().put({"number": number})

    reader, seen = connect(), []
    for _ in range(3):
        message = reader.get(timeout=5)
        seen.append(message.payload["number"])
        message.ack()

    assert seen == [0, 1, 2]
    assert (left(options, "data_folder_in"), left(options, "processed_folder")) == (0, 0)


def test_a_message_in_the_hands_of_a_dead_worker_is_delivered_again(connect, options) -> None:
    connect().put("task")
    assert connect().get(timeout=5).payload == "task"  # and then the worker dies, without a word

    lock = fsbroker.take_over(options)

    assert connect().get(timeout=5).payload == "task"
    lock.close()


def test_a_second_worker_does_not_take_messages_from_a_living_one(connect, options) -> None:
    first = fsbroker.take_over(options)
    connect().put("task")
    connect().get(timeout=5)

    second = fsbroker.take_over(options)

    with pytest.raises(Empty):
        connect().get(timeout=0.1)
    assert left(options, "processed_folder") == 1
    first.close()
    second.close()


def test_the_lock_goes_with_the_worker(options) -> None:
    fsbroker.take_over(options).close()

    with (Path(str(options["control_folder"])) / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if anybody still held it


def test_a_half_written_table_does_not_stop_the_next_start(connect, options) -> None:
    (Path(str(options["control_folder"])) / "work.exchange").write_text('[["work", ')

    fsbroker.take_over(options).close()

    connect().put("task")
    assert connect().get(timeout=5).payload == "task"


def test_two_readers_never_get_the_same_message(connect) -> None:
    writer = connect()
    for number in range(200):
        writer.put(number)
    seen: list[int] = []

    def read() -> None:
        reader = connect()
        while len(seen) < 200:
            try:
                message = reader.get(timeout=0.2)
            except Empty:
                return
            seen.append(message.payload)
            message.ack()

    readers = [Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert sorted(seen) == list(range(200))
