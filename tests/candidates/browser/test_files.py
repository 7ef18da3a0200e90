"""Files of a person in a browser: shown in place, run by nobody, reached by the keyboard (dangers C02, C10)."""

from __future__ import annotations

import os

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from candidates.domain import file_texts
from candidates.domain.attachments import add_attachment
from tests import hostile
from tests.factories import make_attachment, make_candidate, make_member, make_record, make_source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(page: Page, sign_in, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    ana = make_member(full_name="Ana Koc")
    sign_in(ana.user)
    found = make_candidate(ana.workspace, "Ada Lovelace")
    for name, content, kind in (
        ("Ada Lovelace, her CV of many years with a name that goes on and on.pdf", hostile.scripted_pdf(), "cv"),
        ("letter.docx", hostile.docx(["Dear team", "<script>alert(1)</script>"]), "cover_letter"),
        ("<img src=x onerror=alert(1)>.png", hostile.png(40, 40), "photo"),
    ):
        add_attachment(found, ContentFile(content), member=ana, file_name=name, kind=kind)
    record = make_record(make_source(ana.workspace), found)
    more = {"record": record, "kind": "other", "file_name": "ملف السيرة.pdf"}
    make_attachment(found, state="waiting", external_id="1", **more)
    make_attachment(found, state="failed", failure="The ATS is down.", external_id="2", **more)
    make_attachment(found, state="refused", failure="This kind of file isn't taken.", external_id="3", **more)
    file_texts.read_due()
    return found


def test_files_are_shown_in_place_and_nothing_in_them_runs(page: Page, person, axe):
    page.goto(f"/candidates/{person.pk}/?tab=cv")
    frame = page.locator("iframe.document")
    expect(frame).to_have_attribute("title", "Ada Lovelace, her CV of many years with a name that goes on and on.pdf")
    frame.focus()
    expect(frame).to_be_focused()
    _pictures(page)
    page.get_by_role("link", name="Show letter.docx").press("Enter")
    expect(page.get_by_role("region", name="Text of letter.docx")).to_contain_text("<script>alert(1)</script>")
    page.get_by_role("link", name="Show <img src=x onerror=alert(1)>.png").press("Enter")
    picture = page.locator("img.document-picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    expect(page.get_by_role("button", name="Fetch now")).to_have_count(2)
    assert axe(page, "#person") == []


def _pictures(page: Page) -> None:
    """For whoever wants to look: SCREENSHOTS=/folder."""
    folder = os.environ.get("SCREENSHOTS")
    for width in (1280, 360) if folder else ():
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{folder}/files-{width}-{scheme}.png", full_page=True)
