"""Where the pace of a key is kept so that every worker process sees it, and no two of them change it at once.

With Redis as the cache: there, for any number of machines. Without: in a locked file beside the database, for the one
machine that such an installation has.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from integrations.pacing.rules import State

T = TypeVar("T")
KEPT_SECONDS = 3600
ATTEMPTS = 50  # others may change it meanwhile; each of them gets on


class Store(Protocol):
    def change(self, key: str, do: Callable[[State], T]) -> T:
        """Read, change and write as one step. ``do`` may be called again and again until it is the only one."""


class FileStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def change(self, key: str, do: Callable[[State], T]) -> T:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{key}.json").open("a+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed, even by a kill
            file.seek(0)
            state = _read(file.read())
            answer = do(state)
            file.seek(0)
            file.truncate()
            file.write(json.dumps(state.values()))
        return answer


class RedisStore:
    def __init__(self, client: Any) -> None:
        self.client = client

    def change(self, key: str, do: Callable[[State], T]) -> T:
        from redis.exceptions import WatchError

        name = f"quorum:pace:{key}"
        for _attempt in range(ATTEMPTS):
            with self.client.pipeline() as pipe:
                try:
                    pipe.watch(name)
                    state = _read(pipe.get(name) or "")
                    answer = do(state)
                    pipe.multi()
                    pipe.set(name, json.dumps(state.values()), ex=KEPT_SECONDS)
                    pipe.execute()
                except WatchError:
                    continue
                return answer
        return do(State())  # so busy that it can't be told: the provider's own 429 is left


def _read(text: str | bytes) -> State:
    """A file that was cut by a full disk starts anew."""
    try:
        return State.of(json.loads(text))
    except (ValueError, TypeError):
        return State()


def store() -> Store:
    cache: Any = caches["default"]
    if isinstance(cache, RedisCache):
        return RedisStore(cast(Any, cache)._cache.get_client(None, write=True))
    return FileStore(Path(settings.DATA_DIR) / "pace")
