"""The contract every provider keeps: read pages, say what it can be told, tell it.

A provider is four files in ``integrations/providers/<slug>/``: ``client`` (HTTP), ``payloads`` (their shapes),
``mapping`` (theirs to ours, pure) and ``provider`` (this contract). It knows no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol, runtime_checkable

from candidates.domain.profiles import FileProfile, Row
from integrations.errors import Exchange


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """Where and as whom a provider is called. Its repr shows no secret.

    ``allowed_hosts`` are the hosts (``host`` or ``host:port``) that the operator allows beside the provider's own.
    """

    base_url: str
    credentials: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    allowed_hosts: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"<Account {self.base_url}>"


@dataclass(slots=True)
class Page:
    """One page of one stream. ``next_cursor`` None: the walk is complete. ``cost`` in the provider's own credits.

    ``total``: how many different rows the source says that the whole stream has, as far as it is known by now. A walk
    that ends with fewer different rows than that wasn't complete: rows slipped from page to page while it went on.
    """

    rows: Sequence[Row]
    next_cursor: str | None
    total: int | None = None
    cost: int = 0
    pause_seconds: float = 0.0  # how long the rate headers ask us to wait before the next request


@dataclass(slots=True)
class Check:
    """The result of trying the credentials. ``detail`` is a sentence for the person who typed them."""

    ok: bool
    code: str
    detail: str
    capabilities: dict[str, str] = field(default_factory=dict)  # kind of push → "" (offered) or the reason why not
    facts: dict[str, Any] = field(default_factory=dict)  # name of the upstream system, state, rate limit


@dataclass(frozen=True, slots=True)
class FileOrder:
    """A file to be fetched: whose, and how the source calls it. ``url``, where it was last seen, may have expired."""

    candidate_id: str
    application_id: str | None
    file_id: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file's bytes as they came. ``name`` is a stranger's word; ``cost`` in the provider's own credits."""

    content: bytes
    name: str = ""
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to tell the provider. External ids are the provider's own.

    ``kind`` and ``payload``: ``move {stage_id, stage_name}``, ``reject {reason_id, reason_name, note}``,
    ``tag {name}``, ``untag {name}``, ``note {text}``, ``reopen {stage_id, stage_name}``, ``shortlist {}``,
    ``fields {fields, base}``: columns with what they shall be, and what the source said last. Notes and rejections have
    ``at`` and ``by``: when it was decided, and by whom. ``reference`` is stable over retries.
    """

    kind: str
    payload: Mapping[str, Any]
    candidate_id: str
    application_id: str | None = None
    job_id: str | None = None
    reference: str = ""


@runtime_checkable
class ListsFiles(Protocol):
    """A provider whose rows don't say which files a person has. It is asked person by person, off the import."""

    def list_files(self, candidate_id: str) -> list[FileProfile]:
        """Raises ProviderError."""


@runtime_checkable
class TellsPermissions(Protocol):
    """A provider whose customers switch single kinds of push on and off: asked at the beginning of each import."""

    def permissions(self) -> dict[str, str]:
        """As ``Check.capabilities``. Raises ProviderError."""


class Provider(Protocol):
    slug: ClassVar[str]
    label: ClassVar[str]
    streams: ClassVar[tuple[str, ...]]  # in the order in which they must be read
    default_base_url: ClassVar[str]
    hosts: ClassVar[frozenset[str]]  # the provider's own: called by https only, and never on a private address
    repeatable: ClassVar[frozenset[str]]  # kinds of push that may be sent again after a lost answer
    pushes: ClassVar[Mapping[str, str]]  # kind → "" when offered, else why not
    # Kind → the option of a connection that holds the status for it, where that decision is a status like any other.
    # Without the option it can't be told.
    by_status: ClassVar[Mapping[str, str]]
    takes_fields: ClassVar[frozenset[str]]  # columns of a candidate that a push of kind ``fields`` can carry
    # Stream → after how many complete walks in a row without a row it is no longer listed (design, section 10). A
    # stream that isn't named here tells itself what was deleted.
    gone_after: ClassVar[Mapping[str, int]]
    always_whole: ClassVar[frozenset[str]]  # streams that can't be asked for changes: each walk is over everything
    requests_per_minute: ClassVar[
        int | None
    ]  # the ceiling of one key unless the options say otherwise; None: headers tell

    def __init__(self, account: Account) -> None: ...

    def check(self) -> Check:
        """Try the credentials. Never raises for an answer of the provider; a wrong key is an answer."""

    def fetch(self, stream: str, *, cursor: str | None, since: datetime | None) -> Page:
        """One page of a stream. ``since`` None: everything. Raises ProviderError."""

    def push(self, order: Order) -> Exchange:
        """Tell it once. Raises ProviderError with its exchange."""

    def read_back(self, order: Order) -> bool | None:
        """After a lost answer: did it arrive? None: can't be told."""

    def current(self, order: Order) -> dict[str, Any] | None:
        """Before a move or rejection: where the source has the application now. None: can't be told.

        ``{"stage_id", "stage", "outcome", "changed_at", "fresh"?}``: its own stage id, the stage's name, one of our
        outcomes, and when its row changed (ISO). ``fresh``: this is no copy that lags. Raises ProviderError.
        """

    def is_gone(self, stream: str, external_id: str) -> bool:
        """Asked before a row that no walk showed is called no longer listed. Raises ProviderError."""

    def forecast(self, known: Mapping[str, int]) -> int | None:
        """Credits that a complete walk costs; None where nothing is charged. ``known``: rows each stream had last."""

    def fetch_file(self, file: FileOrder) -> Fetched | None:
        """A file of a person. None: the source has none. Raises ProviderError."""

    def close(self) -> None: ...
