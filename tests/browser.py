"""A real Chromium, and a page that lets nothing pass unseen.

    def test_a_verdict_is_saved_by_one_key(page, sign_in, axe): ...

`page` fails its test on console errors and warnings, script errors, CSP violations, dialogs, and requests to another
host.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
]
AXE = Path(__file__).parent / "vendor/axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WAIT_MS = 10_000


def find_chromium() -> str:
    """The browser to drive: $CHROMIUM, one in the PATH, or the one that Playwright installed; empty without any."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    return named or (str(MAC) if MAC.exists() else "")


def find_playwright_browser(playwright: Playwright) -> str:
    path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_chromium() or find_playwright_browser(playwright)
        if not path:
            pytest.skip("no Chromium; install one or set CHROMIUM to its path")
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Watch:
    """Notes whatever a page does that it must not. `expect` excuses what a test provokes on purpose."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.seen: list[str] = []
        self.excused: list[str] = []

    def expect(self, *parts: str) -> None:
        """Excuse messages that hold one of these texts, e.g. the console's line about a wanted 409."""
        self.excused.extend(parts)

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self.note_console(message.type, message.text, message.location["url"]))
        page.on("pageerror", lambda error: self.seen.append(f"script error: {error}"))
        page.on("dialog", self.note_dialog)
        page.on("request", lambda request: self.note_request(request.url))

    def note_console(self, kind: str, text: str, url: str) -> None:
        if kind in {"error", "warning"}:  # CSP violations are errors of the console
            self.seen.append(f"console {kind}: {text} ({url})")

    def note_dialog(self, dialog: Any) -> None:
        self.seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def note_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.seen.append(f"request to another host: {url}")

    def complaints(self) -> list[str]:
        return [line for line in self.seen if not any(part in line for part in self.excused)]


@pytest.fixture
def watch(live_server) -> Watch:
    return Watch(live_server.url)


@pytest.fixture
def context(browser: Browser, live_server, watch: Watch) -> Iterator[BrowserContext]:
    """One browser window's cookies and storage; a test may open several pages in it."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale="en-GB"
    )
    context.set_default_timeout(WAIT_MS)
    context.on("page", watch.follow)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    yield context.new_page()
    assert watch.complaints() == []


@pytest.fixture
def sign_in(context: BrowserContext, live_server) -> Callable[[Any], None]:
    """Give the browser a user's session: `sign_in(member.user)`."""

    def sign_in(user: Any) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """`assert axe(page) == []`: what axe-core finds against WCAG 2.2 AA, one line a node. `within`: a CSS selector."""

    def axe(page: Page, within: str | None = None) -> list[str]:
        # Evaluated, not added as a script element: a strict CSP refuses those.
        page.evaluate(AXE.read_text())
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        found = page.evaluate("([root, options]) => axe.run(root || document, options)", [within, options])
        return [
            f"{rule['id']}: {node['target'][0]} {node['failureSummary'].splitlines()[-1].strip()}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    return axe
