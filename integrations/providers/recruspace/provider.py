"""Recruspace under our contract: what can be read, what can be told, and how well it keeps its word."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

import httpx
from pydantic import ValidationError

from candidates.domain.profiles import CandidateProfile, Unreads
from integrations.downloads import download
from integrations.errors import CursorExpired, Exchange, NotOffered, ProviderError, Refused
from integrations.provider import Account, Check, Fetched, FileOrder, Order, Page
from integrations.providers.recruspace import client, mapping, payloads
from integrations.providers.recruspace.client import ListPage, RecruspaceClient
from integrations.providers.recruspace.hashing import id_of, unread_row
from integrations.providers.recruspace.walk import Place, Walk, mark_of, place_of, walk_of, written
from integrations.reading import line

LONGEST_NOTE, LONGEST_TAG = 2_000, 100  # characters, enforced on our side (section 9)
LARGEST_FILE = 10 * 1024 * 1024  # bytes (section 9)
MOST_POOL_PAGES = 50
NO_POOLS = "None of the chosen talent pools is in Recruspace any more. Choose again which ones to import."
WRONG = {
    "http_401": ("wrong_key", "Recruspace doesn't accept this API key."),
    "http_403": ("not_permitted", "Recruspace doesn't permit this API key to read."),
}


class Recruspace:
    slug: ClassVar[str] = "recruspace"
    label: ClassVar[str] = "Recruspace"
    streams: ClassVar[tuple[str, ...]] = ("jobs", "talent_pools", "candidates")
    default_base_url: ClassVar[str] = client.BASE_URL
    hosts: ClassVar[frozenset[str]] = client.HOSTS
    # A repeated tag is answered by 409, which is success; a repeated note is a second note (section 6).
    repeatable: ClassVar[frozenset[str]] = frozenset({"tag"})
    pushes: ClassVar[Mapping[str, str]] = {
        "tag": "",
        "note": "",
        "move": "Recruspace doesn't take changes of the stage; a note can say it.",
        "reject": "Recruspace doesn't take rejections; a note can say it.",
        "reopen": "Recruspace doesn't take changes of the stage; a note can say it.",
        "untag": "Recruspace can't take a tag off again.",
        "shortlist": "Recruspace has no shortlists; a tag can stand for one, if an admin names it.",
        "fields": "Recruspace doesn't take changes of a candidate's details.",
    }
    by_status: ClassVar[Mapping[str, str]] = {}
    takes_fields: ClassVar[frozenset[str]] = frozenset()
    gone_after: ClassVar[Mapping[str, int]] = {"candidates": 2}  # section 9: rows slip while pages shift
    always_whole: ClassVar[frozenset[str]] = frozenset(streams)
    requests_per_minute: ClassVar[int | None] = 100

    def __init__(
        self,
        account: Account,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client = RecruspaceClient(account, transport, sleep)
        self.allowed_hosts = account.allowed_hosts
        self.transport = transport
        chosen = account.options.get("pools")
        self.chosen = [str(pool).strip() for pool in chosen] if isinstance(chosen, list) else []
        tag = account.options.get("shortlist_tag")
        self.shortlist_tag = tag.strip() if isinstance(tag, str) else ""

    def close(self) -> None:
        self.client.close()

    def check(self) -> Check:
        """The key, then the pools. ``facts["pools"]`` are the ones to choose from: ``[{id, name, candidates}]``."""
        try:
            self.client.users()
            pools, exchange = self._pools(within=client.PERSON_WAITS)
            self._picked(pools, exchange)
        except ProviderError as error:
            passing = type(error).__name__.lower()  # says nothing of the key
            code, detail = WRONG.get(error.code, (error.code if error.permanent else passing, error.message))
            return Check(ok=False, code=code, detail=detail)
        return Check(
            ok=True,
            code="ok",
            detail=f"Connected to Recruspace: {len(pools):,} talent pool{'' if len(pools) == 1 else 's'}.",
            capabilities=dict(self.pushes),
            facts={"system": self.label, "pools": [_shown(pool) for pool in pools]},
        )

    def fetch(self, stream: str, *, cursor: str | None, since: datetime | None) -> Page:
        """One page; always of everything, for nothing tells what has changed (section 1, "Incremental sync")."""
        if stream == "candidates":
            return self._candidates(self._first_walk() if cursor is None else walk_of(cursor, mark_of(self.chosen)))
        place = place_of(cursor)
        if stream == "jobs":
            return self._jobs(place)
        listed = self.client.talent_pools(place.page)
        rows = [row for row in listed.rows if not self.chosen or id_of(row) in self.chosen]
        page = self._one_list(place, listed, rows, payloads.Pool, mapping.to_pool)
        page.total = None if self.chosen else page.total
        return page

    def _jobs(self, place: Place) -> Page:
        """Its path is inferred (3.5): where it isn't, the rows of people name the jobs."""
        try:
            listed = self.client.job_posts(place.page)
        except Refused as error:
            if error.code in (client.NOT_FOUND, "http_405"):
                raise NotOffered("Recruspace doesn't list job posts here.", exchange=error.exchange) from error
            raise
        return self._one_list(place, listed, listed.rows, payloads.JobPost, mapping.to_job, key="hash")

    def _one_list(
        self, place: Place, listed: ListPage, rows: list[Any], shape: Any, to_row: Any, key: str = "id"
    ) -> Page:
        following = place.following(listed, key)
        if place.repeats(listed, key):
            rows = []
        found = Unreads([unread_row(row, shape, to_row, key=key) for row in rows])
        return Page(found, written(following) if following else None, total=listed.total)

    def _first_walk(self) -> Walk | None:
        pools, exchange = self._pools()
        picked = self._picked(pools, exchange)
        counts = [pool.candidate_count for pool in picked]
        total = None if None in counts else sum(count or 0 for count in counts)
        return (
            Walk(tuple((pool.id, pool.candidate_count) for pool in picked), total, mark_of(self.chosen))
            if picked
            else None
        )

    def _candidates(self, walk: Walk | None) -> Page:
        """A page of the present pool; after its last one comes the next pool."""
        if walk is None:
            return Page([], None, total=0)
        place, pool = walk.place, walk.pool_id
        try:
            listed = self.client.pool_candidates(pool, place.page)
        except Refused as error:
            if error.code == client.NOT_FOUND:  # deleted since the pools were listed: the walk begins anew
                raise CursorExpired(error.message, code="pool_gone", exchange=error.exchange) from error
            raise
        walk = walk.corrected(listed.total)
        rows = [] if place.repeats(listed) else listed.rows
        following = place.following(listed)
        then = replace(walk, place=following) if following else walk.next_pool()
        found = Unreads([unread_row(row, payloads.Candidate, partial(_in_pool, pool), also_in=(pool,)) for row in rows])
        return Page(found, written(then) if then else None, total=walk.total)

    def _pools(self, *, within: float | None = None) -> tuple[list[payloads.Pool], Exchange | None]:
        """All of them, with the last exchange."""
        place: Place | None = Place()
        found: dict[str, payloads.Pool] = {}
        exchange = None
        while place is not None and place.page <= MOST_POOL_PAGES:
            listed = self.client.talent_pools(place.page, within=within)
            exchange = listed.exchange
            for row in listed.rows:
                try:
                    pool = payloads.Pool.model_validate(row)
                except ValidationError:
                    continue
                found.setdefault(pool.id, pool)
            place = place.following(listed)
        return list(found.values()), exchange

    def _picked(self, pools: list[payloads.Pool], exchange: Exchange | None) -> list[payloads.Pool]:
        """The chosen ones that are still there. None at all is a mistake, and not an empty company."""
        picked = [pool for pool in pools if not self.chosen or pool.id in self.chosen]
        if self.chosen and not picked:
            raise Refused(NO_POOLS, code="pools_missing", exchange=exchange)
        return picked

    def push(self, order: Order) -> Exchange:
        if order.kind == "tag":
            return self.client.add_tag(order.candidate_id, _tag(order.payload.get("name")))
        if order.kind == "shortlist" and self.shortlist_tag:
            return self.client.add_tag(order.candidate_id, _tag(self.shortlist_tag))
        if order.kind == "note":
            return self.client.add_note(order.candidate_id, _note(order))
        raise NotOffered(self.pushes.get(order.kind) or "Recruspace can't be told this.", code="not_offered")

    def read_back(self, order: Order) -> bool | None:
        """Tags can be looked for on the candidate. Notes can't be read at all (4.1)."""
        if order.kind not in ("tag", "shortlist"):
            return None
        raw = self.client.candidate(order.candidate_id)
        tags = raw.get("tags") if raw is not None else None
        if not isinstance(tags, list):
            return None
        wanted = self.shortlist_tag if order.kind == "shortlist" else str(order.payload.get("name") or "").strip()
        return wanted in [tag.get("title") for tag in tags if isinstance(tag, dict)]

    def current(self, order: Order) -> dict[str, Any] | None:
        return None

    def is_gone(self, stream: str, external_id: str) -> bool:
        """Out of all pools isn't deleted: Get Candidate tells (section 9)."""
        return stream == "candidates" and self.client.candidate(external_id) is None

    def forecast(self, known: Mapping[str, int]) -> int | None:
        return None

    def fetch_file(self, file: FileOrder) -> Fetched | None:
        """By a link that was made for this one time: those of earlier answers have expired."""
        raw = self.client.candidate(file.candidate_id)
        entries = [raw.get(key) for key in ("cv", "photo")] if raw is not None else []
        entry = next((one for one in entries if isinstance(one, dict) and id_of(one) == file.file_id), {})
        link = entry.get("presigned_url")
        if not isinstance(link, str) or not link:
            return None
        content = download(
            link, own_hosts=None, allowed_hosts=self.allowed_hosts, limit=LARGEST_FILE, transport=self.transport
        )
        return None if content is None else Fetched(content, line(str(entry.get("name") or "")))


def _in_pool(pool_id: str, payload: payloads.Candidate) -> CandidateProfile:
    profile = mapping.to_candidate(payload)
    profile.also_in = [pool_id]
    return profile


def _shown(pool: payloads.Pool) -> dict[str, Any]:
    return {"id": pool.id, "name": line(pool.name) or f"Pool {pool.id}", "candidates": pool.candidate_count}


def _tag(name: Any) -> str:
    if not isinstance(name, str) or not name.strip():
        raise Refused("Recruspace needs a name for this.", code="name_missing")
    if len(name.strip()) > LONGEST_TAG:
        raise Refused(f"A tag in Recruspace has at most {LONGEST_TAG} characters.", code="name_too_long")
    return name.strip()


def _note(order: Order) -> str:
    """With a reference, by which people can tell a double from a second note of the same words (section 6)."""
    text = order.payload.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refused("Recruspace needs a text for this.", code="text_missing")
    # The end of the id: its beginning is the time, and the same for notes of one moment.
    reference = order.reference.replace("-", "")[-8:]
    whole = f"{text.strip()}\n\n(Quorum {reference})" if reference else text.strip()
    if len(whole) > LONGEST_NOTE:
        message = f"A note in Recruspace has at most {LONGEST_NOTE:,} characters; this one has {len(whole):,}."
        raise Refused(message, code="text_too_long")
    return whole
