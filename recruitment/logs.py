"""Structured logs that hold ids, counts and codes; never a secret, never people's data."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Only these keys of an event are written. An allow-list can't forget a new secret.
SHOWN = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "logger",
        "request_id",
        "user_id",
        "member_id",
        "workspace_id",
        "connection_id",
        "run_id",
        "entry_id",
        "candidate_id",
        "application_id",
        "job_id",
        "provider",
        "stream",
        "state",
        "kind",
        "code",
        "status",
        "duration_ms",
        "count",
        "pages",
        "fetched",
        "created",
        "updated",
        "unchanged",
        "set_aside",
        "attempt",
        "attempts",
        "seconds",
        "task",
        "task_id",
        "parent_task_id",
        "request",
        "method",
        "path_template",
        "port",
        "host_role",
        "mode",
        "exception",
        "exc_info",
        "stack",
        "reason_code",
        "version",
    ]
)
SECRETISH = re.compile(
    r"""(?ix)(
        authorization["'=:\s]+(?:bearer\s+|token\s+|basic\s+)? | bearer\s+
        | (?:x-)?api[_-]?key["'=:\s]+ | password["'=:\s]+
    )[^\s"',]+"""
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def scrub(text: str) -> str:
    """Take secrets, e-mail addresses and control characters out of free text."""
    text = EMAIL.sub("<email>", SECRETISH.sub(r"\1<secret>", text))
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)


def allow_listed(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop unknown keys and scrub the text of known ones."""
    kept = {key: value for key, value in event.items() if key in SHOWN or key.startswith("_")}
    if isinstance(kept.get("request"), str):  # the method and the path, without its query
        kept["request"] = kept["request"].split("?")[0]
    for key in ("event", "exception", "request"):
        if isinstance(kept.get(key), str):
            kept[key] = scrub(kept[key]).replace("\n", " | ") if key != "exception" else scrub(kept[key])
    event.clear()
    event.update(kept)
    return event


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    allow_listed,
]


def logging_config(*, level: str, json: bool) -> dict[str, Any]:
    """Django's LOGGING; structlog and plain loggers go through the same processors."""
    renderer: Any = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": PROCESSORS,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "celery": {"level": "WARNING" if not json else level},
            "kombu": {"level": "WARNING"},
        },
    }
