"""One copy of the data: the ATS's own, or the one that Kombo serves reads from.

A copy is the population plus what was changed: whole records under their ATS number, and for each list the time at
which ``updated_after`` should see a record again (kombo.md 7.3).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from integrations.sandbox.kombo.catalog import FIRST_APPLICATION, FIRST_PERSON, build_catalog
from integrations.sandbox.kombo.population import SLOTS, Application, Candidate, Population


class Copy:
    def __init__(self, population: Population) -> None:
        self.population = population
        catalog = build_catalog(population.base)
        self.tags, self.reasons, self.stages = catalog.tags, catalog.reasons, catalog.stages
        self.jobs, self.users, self.roles = catalog.jobs, catalog.users, catalog.roles
        self.candidates: dict[int, Candidate] = {}
        self.applications: dict[int, Application] = {}
        self.added_candidates: list[int] = []
        self.added_applications: list[int] = []
        self.candidate_seen: dict[int, str] = {}
        self.application_seen: dict[int, str] = {}
        self.stage_seen: dict[int, str] = {}
        self.notes: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []
        self.files: dict[int, dict[str, Any]] = {}
        self.version = 0  # moves with every change, for whoever keeps rendered text

    def candidate(self, number: int) -> Candidate | None:
        if number in self.candidates:
            return self.candidates[number]
        return self.population.candidate(number) if self.population.has_candidate(number) else None

    def application(self, number: int) -> Application | None:
        if number in self.applications:
            return self.applications[number]
        return self.population.application(number) if self.population.has_application(number) else None

    def brief_application(self, number: int) -> Application | None:
        """The application, perhaps without its answers."""
        if number in self.applications:
            return self.applications[number]
        return self.population.application(number, brief=True) if self.population.has_application(number) else None

    def hold_candidate(self, number: int) -> Candidate:
        """The candidate, kept from now on so that it can be changed."""
        found = self.candidates.get(number)
        if found is None:
            found = self.candidates[number] = self.population.candidate(number)
        return found

    def hold_application(self, number: int) -> Application:
        found = self.applications.get(number)
        if found is None:
            found = self.applications[number] = self.population.application(number)
        return found

    def add_candidate(self, candidate: Candidate) -> None:
        self.candidates[candidate.number] = copy.deepcopy(candidate)
        self.added_candidates.append(candidate.number)

    def add_application(self, application: Application) -> None:
        self.applications[application.number] = copy.deepcopy(application)
        self.added_applications.append(application.number)

    def candidate_numbers(self, start: int) -> Iterator[int]:
        """ATS numbers from ``start`` on. They are the positions of a walk, and never move."""
        yield from range(max(start, FIRST_PERSON), FIRST_PERSON + self.population.people)
        yield from (number for number in list(self.added_candidates) if number >= start)

    def application_numbers(self, start: int) -> Iterator[int]:
        end = FIRST_APPLICATION + self.population.people * SLOTS
        for number in range(max(start, FIRST_APPLICATION), end):
            if number in self.applications or self.population.has_application(number):
                yield number
        yield from (number for number in list(self.added_applications) if number >= start)

    def candidate_updated(self, candidate: Candidate) -> str:
        """When ``GET /ats/candidates?updated_after`` last has a reason to return it: own fields and applications."""
        if candidate.number in self.candidate_seen:
            return self.candidate_seen[candidate.number]
        times = [candidate.own["changed_at"]]
        times += [
            found.own["changed_at"] for number in candidate.applications if (found := self.brief_application(number))
        ]
        return max(times)

    def application_updated(self, application: Application) -> str:
        """Own fields, the candidate's own fields, and the current stage's."""
        times = [application.own["changed_at"], self.application_seen.get(application.number, "")]
        if application.stage is not None:
            times.append(self.stage_seen.get(application.stage, ""))
        if application.number not in self.application_seen and (person := self.candidate(application.candidate)):
            times.append(person.own["changed_at"])
        return max(times)

    def tag_named(self, name: str) -> int | None:
        """The living tag with exactly this name."""
        found = (number for number, tag in self.tags.items() if tag["name"] == name and not tag["remote_deleted_at"])
        return next(found, None)
