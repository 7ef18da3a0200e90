import ssl
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # nothing here speaks TLS; loading certificates is what would take time


class Caller:
    """Speaks to Kombo in the sandbox over a real socket, with the right headers unless told otherwise."""

    def __init__(self, url: str) -> None:
        headers = {"Authorization": f"Bearer {API_KEY}", "X-Integration-Id": INTEGRATION_ID}
        self.http = httpx.Client(base_url=f"{url}/kombo", headers=headers, timeout=5, verify=PLAIN)

    def get(self, path: str, **params: str) -> httpx.Response:
        return self.http.get(path, params=params)

    def send(self, method: str, path: str, body: Any) -> httpx.Response:
        return self.http.request(method, path, json=body)

    def rows(self, path: str, **params: str) -> list[dict[str, Any]]:
        """All rows of a list, over all pages."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            data = self.get(path, **{"page_size": "250", **params, **cursor}).json()["data"]
            found += data["results"]
            if data["next"] is None:
                return found
            cursor = {"cursor": data["next"]}

    def one(self, path: str, identifier: str) -> dict[str, Any]:
        return self.get(path, ids=identifier, include_deleted="true").json()["data"]["results"][0]

    def code(self, response: httpx.Response) -> tuple[int, str | None]:
        return response.status_code, response.json()["error"]["code"]

    def pending(self) -> dict[str, Any]:
        """An application that can still be moved or rejected, in the first stage of its job."""
        for application in self.rows("/ats/applications", outcomes="PENDING"):
            stage = application["current_stage"]
            if stage and stage["index"] == 0 and len(self.stages(application["job_id"])) > 3:
                return application
        raise AssertionError("the population has no such application")

    def stages(self, job_id: str) -> list[dict[str, Any]]:
        return self.rows("/ats/jobs", ids=job_id, include_deleted="true")[0]["stages"]


@pytest.fixture(scope="session")
def library() -> Iterator[Sandbox]:
    """One sandbox for all tests that only read."""
    with Sandbox(port=0, people=300, seed=1, lift_limits=True) as running:
        yield running


@pytest.fixture
def reader(library: Sandbox) -> Iterator[Caller]:
    caller = Caller(library.url)
    yield caller
    caller.http.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(port=0, people=300, seed=1) as running:
        yield running


@pytest.fixture
def kombo(sandbox: Sandbox) -> Iterator[Caller]:
    caller = Caller(sandbox.url)
    yield caller
    caller.http.close()
