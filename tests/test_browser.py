"""The browser fixtures notice what they promise to notice."""

import pytest
from playwright.sync_api import Page

from tests.browser import Watch

PLAIN_PAGE = "/admin/login/"


@pytest.mark.parametrize(
    "script, beginning",
    [
        ("console.error('broken')", "console error: broken"),
        ("setTimeout(() => { throw new Error('lost') })", "script error: lost"),
        ("alert('hello')", "dialog: hello"),
        ("document.body.setAttribute('style', 'color: red')", "console error: Applying inline style violates"),
        (
            "fetch('https://elsewhere.invalid/').catch(() => 0)",
            "console error: Connecting to 'https://elsewhere.invalid/'",
        ),
    ],
)
def test_the_page_notes_what_must_not_happen(page: Page, watch: Watch, script: str, beginning: str) -> None:
    watch.expect("favicon.ico")  # Django's own page has none, and the browser asks for it when it pleases
    page.goto(PLAIN_PAGE)

    page.evaluate(f"async () => {{ {script}; await new Promise(resolve => setTimeout(resolve)) }}")
    page.evaluate("1")  # what the page has said by now has arrived

    assert [line[: len(beginning)] for line in watch.complaints()[:1]] == [beginning]
    watch.seen.clear()


def test_a_request_to_another_host_is_noted(watch: Watch) -> None:
    watch.note_request("https://elsewhere.invalid/font.woff2")
    watch.note_request(f"{watch.origin}/static/app.css")

    assert watch.complaints() == ["request to another host: https://elsewhere.invalid/font.woff2"]


def test_axe_finds_an_image_without_words(page: Page, watch: Watch, axe) -> None:
    watch.expect("favicon.ico")
    page.goto(PLAIN_PAGE)
    page.evaluate("document.body.append(document.createElement('img'))")

    assert [line.split(" ")[0] for line in axe(page, "img")] == ["image-alt:"]
