"""Whatever is sent to whichever operation of the document: an answer in our shape, never a fault."""

from __future__ import annotations

import json
import random
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from tests import factories as make
from tests.api import Api

JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    "",
    " ",
    "x",
    "x" * 20_000,
    "a\x00b",
    "\ud800",
    "\u202e",
    "%s{}'\";--\\",
    "00000000-0000-7000-8000-000000000000",
    "2026-02-30T25:00:00Z",
    [],
    [None],
    [[[]]],
    ["x"] * 300,
    {},
    {"": {"": []}},
    {"value": {"deep": [1, {"x": None}]}},
]
RAW = ["", "{", "[]", "null", '"x"', "NaN", '{"a":1e999}', "\x00", '{"a":"\\u0000"}', "[" * 5000]
EXAMPLES = 10


@pytest.fixture
def world(db, monkeypatch):
    """An admin without a ceiling, and one of everything, so that valid ids come up."""
    monkeypatch.setattr("recruitment.api.throttling.TokenThrottle.allow_request", lambda *_: True)
    team = make.make_workspace("Demo")
    admin = make.make_member(team, "admin")
    source = make.make_source(team)
    job = make.make_job(team)
    make.make_criterion(job)
    application = make.make_application(make.make_candidate(team, "Ada"), job)
    candidate = application.candidate
    record = make.make_record(source, candidate)
    connection = make.make_connection(
        team, source=make.make_source(team, "Nowhere"), base_url="https://127.0.0.1:9", options={}
    )
    run = make.make_run(connection)
    things = [
        application,
        candidate,
        job,
        job.stages.first(),
        job.criteria.first(),
        make.make_tag(team),
        make.make_pool(team),
        make.make_reason(team),
        make.make_push(record, admin),
        make.make_conflict(source, candidate),
        make.make_attachment(candidate),
        connection,
        run,
        source,
        admin,
    ]
    return Api(admin), {address_of(thing): str(thing.pk) for thing in things}


def address_of(thing: Any) -> str:
    """The first part of the path under which the API has it."""
    words = {"Candidate": "candidates", "Application": "applications", "RejectionReason": "rejection-reasons"}
    words |= {
        "TalentPool": "talent-pools",
        "OutboxEntry": "pushes",
        "FieldConflict": "conflicts",
        "SyncRun": "sync-runs",
    }
    name = type(thing).__name__
    return words.get(name, f"{name.lower()}s")


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    document = SchemaGenerator().get_schema(request=None, public=True)
    return [
        (path, method, operation)
        for path, methods in sorted(document["paths"].items())
        for method, operation in sorted(methods.items())
    ]


def fields_of(operation: dict[str, Any], document: dict[str, Any]) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    return list(document["components"]["schemas"].get(name, {}).get("properties", {}))


def test_every_operation_takes_junk_without_a_fault(world):
    api, known = world
    document = SchemaGenerator().get_schema(request=None, public=True)
    chance = random.Random(20261124)
    tried = 0
    for path, method, operation in operations():
        fields = fields_of(operation, document)
        queries = [row["name"] for row in operation.get("parameters", []) if row["in"] == "query"]
        for _ in range(EXAMPLES):
            tried += 1
            address = filled(path, known, chance)
            asked = {name: str(chance.choice(JUNK)) for name in queries if chance.random() < 0.1}
            some = chance.sample(fields, chance.randint(0, len(fields)))
            body = {name: chance.choice([*JUNK, *known.values()]) for name in some}
            text = chance.choice(RAW) if chance.random() < 0.1 else json.dumps(body)
            with transaction.atomic():
                answer = send(api, method, address, asked, text)
                transaction.set_rollback(True)
            assert answer.status_code < 500, (method, address, asked, text, answer.content)
            if answer.status_code >= 400:
                assert answer.json()["errors"], (method, address)
    assert tried > 500


def filled(path: str, known: dict[str, str], chance: random.Random) -> str:
    """Ids of the right kind mostly, of another now and then."""
    right = known.get(path.split("/")[3], "")
    return re.sub(
        r"{\w+}", lambda _found: right if right and chance.random() < 0.8 else chance.choice([*known.values()]), path
    )


def send(api: Api, method: str, address: str, asked: dict[str, str], text: str) -> Any:
    query = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in asked.items()})
    if method == "get":
        return api.client.get(f"{address}?{query}")
    return getattr(api.client, method)(f"{address}?{query}", text, content_type="application/json")
