"""A real client of the public API, and words for what tests ask of it."""

from __future__ import annotations

import json
from typing import Any

from rest_framework.test import APIClient

from recruitment.models import Membership
from tests.factories import make_token

ROOT = "/api/v1"


class Api:
    """Speaks for one member through their token. ``get("jobs/")`` asks /api/v1/jobs/."""

    def __init__(self, member: Membership) -> None:
        self.member = member
        self.client = APIClient(raise_request_exception=False)
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(member)}")

    def __getattr__(self, verb: str) -> Any:
        """The answer of GET, POST, PUT, PATCH, DELETE."""

        def ask(path: str, data: Any = None, **options: Any) -> Any:
            address = path if path.startswith("http") else f"{ROOT}/{path}"
            if data is not None and verb != "get" and "format" not in options:
                data, options["content_type"] = json.dumps(data), "application/json"
            return getattr(self.client, verb)(address, data, **options)

        if verb not in ("get", "post", "put", "patch", "delete"):
            raise AttributeError(verb)
        return ask


def ids(answer: Any) -> list[str]:
    """The ids of one page."""
    assert answer.status_code == 200, answer.json()
    return [row["id"] for row in answer.json()["results"]]


def fault(answer: Any) -> tuple[int, str, str | None]:
    """(status, code, field) of the first error."""
    error = answer.json()["errors"][0]
    return answer.status_code, error["code"], error["attr"]
