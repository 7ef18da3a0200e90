"""What people do all day: a verdict and the next person, and looking for somebody."""

from __future__ import annotations

import time
from urllib.parse import quote

from django.test import Client
from django.urls import reverse

from integrations.bench.people import SEED, World
from integrations.bench.report import Line, timed
from integrations.bench.screens import browser, program
from integrations.sandbox.people import person
from recruitment.models import Membership

SAVE_MS = 50
SEARCH_MS = 150
VERDICTS = 60
WORDS = 10  # people whose name, company and address are looked for
FRAGMENT = {"HX-Request": "true", "HX-Target": "review"}


def save_and_next(world: World) -> list[Line]:
    lines = []
    for who, member in (("recruiter", world.recruiter), ("reviewer", world.reviewer)):
        lines.append(timed(f"save a verdict, get the next ({who})", _verdicts(world, member), budget_ms=SAVE_MS))
    return lines


def _verdicts(world: World, member: Membership) -> list[float]:
    """Through the queues of the member's jobs, a verdict after the other."""
    client = browser(member)
    seconds: list[float] = []
    for job in world.jobs:
        first = client.get(reverse("candidates:review_job", args=[job.pk]))
        url = first.headers.get("Location", "")
        while url and len(seconds) < VERDICTS:
            taken, url = _verdict(client, url)
            seconds.append(taken)
        if len(seconds) >= VERDICTS:
            break
    return seconds[2:]  # the first two warm up


def _verdict(client: Client, url: str) -> tuple[float, str]:
    """Seconds, and the address of the next person; empty at the end of the queue."""
    started = time.perf_counter()
    answer = client.post(f"{url}save/", {"verdict": "yes", "comment": "Clear answers."}, headers=FRAGMENT)
    seconds = time.perf_counter() - started
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}.")
    return seconds, answer.headers.get("HX-Push-Url", "")


def search(world: World) -> list[Line]:
    listed = reverse("candidates:candidates")
    on_screen = _searched(browser(world.recruiter), f"{listed}?q=", fragment=True)
    by_program = _searched(program(world.recruiter), "/api/v1/candidates/?search=")
    theirs = _searched(browser(world.reviewer), f"{listed}?q=", fragment=True)
    return [
        timed("search by part of a name, e-mail or company", on_screen, budget_ms=SEARCH_MS),
        timed("the same (reviewer)", theirs, budget_ms=SEARCH_MS),
        timed("the same through the API", by_program, budget_ms=SEARCH_MS),
    ]


def _searched(client: Client, address: str, *, fragment: bool = False) -> list[float]:
    seconds = []
    headers = {"HX-Request": "true", "HX-Target": "results"} if fragment else {}
    for word in _words():
        started = time.perf_counter()
        answer = client.get(address + quote(word), headers=headers)
        seconds.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise RuntimeError(f"Searching for {word!r} answered {answer.status_code}.")
    return seconds[2:]


def _words() -> list[str]:
    """Pieces of names, companies and addresses, frequent ones, rare ones, short ones, and what nobody has."""
    words = ["anna", "zzqxv"]
    for number in range(200, 200 + 37 * WORDS, 37):
        known = person(SEED, number)
        words += [known.name[1:5], known.name, (known.company or "labs")[:6], known.emails[0] if known.emails else "@"]
    return [*words, "an", "example.com", "zzqxv wvvk"]
