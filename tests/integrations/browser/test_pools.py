"""Connecting Recruspace in a browser, and choosing which of its talent pools come in."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from integrations.models import Connection, SyncRun
from integrations.sandbox.recruspace.company import API_KEY
from integrations.sandbox.server import Sandbox
from recruitment.models import Role
from tests.factories import make_member

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_key_is_checked_then_the_pools_are_chosen_then_the_import_starts(page: Page, sign_in, settings, watch, axe):
    watch.excused.append("422")
    sign_in(make_member(role=Role.ADMIN, full_name="Ana Koch").user)
    with Sandbox(people=20) as running:
        running.recruspace.add_pool("One word that never breaks: " + "x" * 120)
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        page.goto("/connections/new/?provider=recruspace")
        page.get_by_label("Name").fill("Our pools")
        page.get_by_label("API key").fill(API_KEY)
        page.get_by_role("radio", name="Another address").check()
        page.get_by_role("textbox", name="Another address").fill(f"{running.url}/recruspace")
        page.get_by_role("button", name="Check and connect").click()

        expect(page.get_by_text("The key works.")).to_be_visible()
        assert axe(page) == []
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.get_by_role("radio", name="Only these").check()
        page.get_by_role("button", name="Save and import").click()
        expect(page.get_by_text("Choose at least one.")).to_be_visible()
        assert axe(page) == []
        page.get_by_role("checkbox", name="Design bench").check()
        page.get_by_role("button", name="Save and import").click()

        expect(page.get_by_text("The import is on its way.")).to_be_visible()
    assert Connection.objects.get().options == {"pools": ["15"]}
    assert SyncRun.objects.get().trigger == "first"
