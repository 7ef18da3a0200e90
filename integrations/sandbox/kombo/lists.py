"""The model lists (kombo.md 9): which rows of the read copy a request gets, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from integrations.sandbox.http import Request, Response
from integrations.sandbox.kombo.copies import Copy
from integrations.sandbox.kombo.envelopes import invalid, page
from integrations.sandbox.kombo.ids import kombo_id
from integrations.sandbox.kombo.population import Application, Candidate
from integrations.sandbox.kombo.query import Query, encode_cursor, parse
from integrations.sandbox.kombo.render import Renderer, dumps, interview, interviews_of, offer, offers_of

Row = tuple[int, Callable[[], bytes]]  # position, and how to get its text


def paged(rows: Iterator[Row], size: int) -> Response:
    """``size`` rows, and a cursor only if one more row follows."""
    texts: list[bytes] = []
    after = 0
    for position, text in rows:
        if len(texts) == size:
            return page(texts, encode_cursor(after))
        texts.append(text())
        after = position + 1
    return page(texts, None)


def _chosen(
    query: Query, numbers: Callable[[int], Iterator[int]], known: Callable[[int], Any]
) -> Iterator[tuple[int, int]]:
    """(position, number) of the rows to look at: those of ``ids``, all of which must be known, or everything."""
    if query.ids is None:
        return ((number, number) for number in numbers(query.start))
    for number in query.ids:
        if known(number) is None:
            raise invalid(f"No record with the id {kombo_id(number)}.", 404)
    return iter(list(enumerate(query.ids))[query.start :])


class Lists:
    """Serves lists from one copy. Callers hold the store's lock. ``only_created``: day one (kombo.md 7.6)."""

    def __init__(self, state: Copy) -> None:
        self.state = state
        self.renderer = Renderer(state)

    def candidates(self, request: Request, *, only_created: bool = False) -> Response:
        query = parse(request.query, ("email", "job_ids", "first_name", "last_name"))
        return paged(self._candidate_rows(query, only_created), query.size)

    def _candidate_rows(self, query: Query, only_created: bool) -> Iterator[Row]:
        state, renderer = self.state, self.renderer
        jobs = query.numbers("job_ids")
        words = {name: query.one(name) for name in ("email", "first_name", "last_name")}
        filtered = query.updated_after or query.remote_ids or query.filters
        numbers = self._narrowed(query, state.candidate_numbers, state.candidate_seen)
        for position, number in _chosen(query, numbers, state.candidate):
            if only_created and number not in state.added_candidates:
                continue
            if not filtered and (kept := renderer.kept_candidate(number)):
                if query.include_deleted or not kept[1]:
                    yield position, partial(bytes, kept[0])
                continue
            candidate = state.candidate(number)
            if candidate and self._wanted(candidate, query, jobs, words):
                yield position, partial(renderer.candidate, candidate)

    def _narrowed(
        self, query: Query, numbers: Callable[[int], Iterator[int]], seen: dict[int, str]
    ) -> Callable[[int], Iterator[int]]:
        """Nothing of the population changed after the base date, so later questions only concern what was touched."""
        if query.updated_after < self.state.population.origin:
            return numbers
        return lambda start: (number for number in sorted(seen) if number >= start)

    def _narrowed_applications(self, query: Query) -> Callable[[int], Iterator[int]]:
        """The same, unless a stage was renamed: that concerns every application in it."""
        if self.state.stage_seen:
            return self.state.application_numbers
        return self._narrowed(query, self.state.application_numbers, self.state.application_seen)

    def _wanted(self, candidate: Candidate, query: Query, jobs: set[int] | None, words: dict[str, str | None]) -> bool:
        own = candidate.own
        if own["remote_deleted_at"] and not query.include_deleted:
            return False
        if query.remote_ids is not None and own["remote_id"] not in query.remote_ids:
            return False
        for name in ("first_name", "last_name"):
            word = words[name]
            if word is not None and (own[name] or "").casefold() != word.casefold():
                return False
        if (email := words["email"]) is not None:
            addresses = {(row.get("email_address") or "").casefold() for row in own["email_addresses"] or []}
            if email.casefold() not in addresses:
                return False
        if jobs is not None and not any(found.job in jobs for found in self._applications_of(candidate)):
            return False
        return not query.updated_after or self.state.candidate_updated(candidate) > query.updated_after

    def _applications_of(self, candidate: Candidate) -> Iterator[Application]:
        found = (self.state.brief_application(number) for number in candidate.applications)
        return (application for application in found if application and not application.own["remote_deleted_at"])

    def applications(self, request: Request, *, only_created: bool = False) -> Response:
        allowed = ("outcomes", "job_ids", "job_remote_ids", "current_stage_ids", "remote_created_after")
        query = parse(request.query, allowed)
        return paged(self._application_rows(query, only_created), query.size)

    def _application_rows(self, query: Query, only_created: bool) -> Iterator[Row]:
        state, renderer = self.state, self.renderer
        jobs, stages = query.numbers("job_ids"), query.numbers("current_stage_ids")
        numbers = self._narrowed_applications(query)
        for position, number in _chosen(query, numbers, state.application):
            if only_created and number not in state.added_applications:
                continue
            application = state.application(number)
            if application and self._wants(application, query, jobs, stages):
                yield position, partial(renderer.application, application)

    def _wants(self, application: Application, query: Query, jobs: set[int] | None, stages: set[int] | None) -> bool:
        own, filters = application.own, query.filters
        remote_job = self.state.jobs[application.job]["remote_id"] if application.job is not None else None
        created_after = filters.get("remote_created_after", [""])[0]
        return (
            (query.include_deleted or not own["remote_deleted_at"])
            and (query.remote_ids is None or own["remote_id"] in query.remote_ids)
            and ("outcomes" not in filters or own["outcome"] in filters["outcomes"])
            and (jobs is None or application.job in jobs)
            and (stages is None or application.stage in stages)
            and ("job_remote_ids" not in filters or remote_job in filters["job_remote_ids"])
            and (own["remote_created_at"] or "") >= created_after
            and (not query.updated_after or self.state.application_updated(application) > query.updated_after)
        )

    def jobs(self, request: Request) -> Response:
        allowed = ("job_codes", "post_url", "statuses", "employment_types", "visibilities", "remote_created_after")
        query = parse(request.query, (*allowed, "name_contains"))
        return self._small(self.state.jobs, query, lambda job: _job_fits(job, query), jobs_text)

    def stages(self, request: Request) -> Response:
        query = parse(request.query, ())
        return self._small(
            self.state.stages, query, text=lambda stage: dumps({k: stage[k] for k in stage if k != "index"})
        )

    def tags(self, request: Request) -> Response:
        return self._small(self.state.tags, parse(request.query, ()))

    def reasons(self, request: Request) -> Response:
        return self._small(self.state.reasons, parse(request.query, ()))

    def users(self, request: Request) -> Response:
        query = parse(request.query, ("emails",))
        emails = query.words("emails")
        fits = (lambda user: (user["email"] or "").casefold() in emails) if emails is not None else None
        return self._small(self.state.users, query, fits)

    def roles(self, request: Request) -> Response:
        query = parse(request.query, ("scopes",))
        scopes = query.filters.get("scopes")
        fits = (lambda role: role["scope"] in scopes) if scopes is not None else None
        return self._small(self.state.roles, query, fits)

    def offers(self, request: Request) -> Response:
        return self._derived(parse(request.query, ()), offers_of, offer)

    def interviews(self, request: Request) -> Response:
        return self._derived(parse(request.query, ("job_ids",)), interviews_of, interview)

    def _derived(
        self,
        query: Query,
        of: Callable[[Copy, Application], list[dict[str, Any]]],
        full: Callable[[Copy, Application], dict[str, Any]],
    ) -> Response:
        """Offers and interviews follow from the stage of their application, and carry its number."""
        state, jobs = self.state, query.numbers("job_ids")
        remote_ids, query.remote_ids = query.remote_ids, None

        def has_one(number: int) -> Application | None:
            application = state.application(number)
            return application if application and of(state, application) else None

        def text(application: Application) -> bytes:
            return dumps(full(state, application))

        def rows() -> Iterator[Row]:
            numbers = self._narrowed_applications(query)
            for position, number in _chosen(query, numbers, has_one):
                application = has_one(number)
                if application is None or not self._wants(application, query, jobs, None):
                    continue
                if remote_ids is None or of(state, application)[0]["remote_id"] in remote_ids:
                    yield position, partial(text, application)

        return paged(rows(), query.size)

    def _small(
        self,
        rows: dict[int, dict[str, Any]],
        query: Query,
        fits: Callable[[dict[str, Any]], bool] | None = None,
        text: Callable[[dict[str, Any]], bytes] = dumps,
    ) -> Response:
        def chosen() -> Iterator[Row]:
            for position, number in _chosen(query, lambda start: (n for n in list(rows) if n >= start), rows.get):
                row = rows[number]
                hidden = row["remote_deleted_at"] and not query.include_deleted
                foreign = query.remote_ids is not None and row["remote_id"] not in query.remote_ids
                if not hidden and not foreign and row["changed_at"] > query.updated_after and (not fits or fits(row)):
                    yield position, partial(text, row)

        return paged(chosen(), query.size)


def _job_fits(job: dict[str, Any], query: Query) -> bool:
    columns = {
        "job_codes": "job_code", "statuses": "status", "employment_types": "employment_type",
        "visibilities": "visibility",
    }  # fmt: skip
    name_part, post_url = query.one("name_contains"), query.one("post_url")
    created_after = query.filters.get("remote_created_after", [""])[0]
    return (
        all(job[column] in query.filters[name] for name, column in columns.items() if name in query.filters)
        and (name_part is None or name_part.casefold() in (job["name"] or "").casefold())
        and (post_url is None or job["post_url"] == post_url)
        and (job["remote_created_at"] or "") >= created_after
    )


def jobs_text(job: dict[str, Any]) -> bytes:
    """A job with its living stages, in the shorter form that stages have inside a job (kombo.md 8.3)."""
    keys = ("id", "remote_id", "name", "status", "custom_fields", "index")
    stages = [{key: stage[key] for key in keys} for stage in job["stages"] if not stage["remote_deleted_at"]]
    return dumps({**job, "stages": stages})
