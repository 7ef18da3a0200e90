"""A Talynce connection is made in the browser and through the API, and says what it can be told."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from candidates.models import Source
from integrations.models import Connection
from integrations.sandbox.server import Sandbox
from integrations.sandbox.talynce.organization import API_KEY, REVOKED_KEY
from recruitment.models import Role
from tests import factories as make
from tests.api import Api, fault
from tests.candidates.views.screens import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(settings):
    with Sandbox(people=20, lift_limits=True) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield f"{running.url}/talynce"


@pytest.fixture
def admin():
    return make.make_member(role=Role.ADMIN, full_name="Ana Koch")


def connect(admin, address, **more):
    body = {"provider": "talynce", "name": "Agency", "base_url": address, "credentials": {"api_key": API_KEY}}
    return Api(admin).post("connections/", {**body, **more})


def test_it_is_made_and_checked_through_the_api(admin, address):
    made = connect(admin, address)
    assert made.status_code == 201
    checked = Api(admin).post(f"connections/{made.json()['id']}/check/").json()
    assert (checked["ok"], checked["detail"]) == (True, "Connected to Talynce, with 40 candidates.")


def test_a_key_that_is_not_known_makes_no_connection(admin, address):
    assert fault(connect(admin, address, credentials={"api_key": "nobody"})) == (400, "wrong_key", "credentials")
    assert fault(connect(admin, address, credentials={"api_key": REVOKED_KEY})) == (400, "revoked", "credentials")
    assert Connection.objects.count() == 0


def test_it_is_made_in_the_browser(admin, address):
    browser = signed_in(admin)
    assert "It opens one organization." in browser.get("/connections/new/?provider=talynce").content.decode()
    typed = {"provider": "talynce", "name": "Agency", "api_key": API_KEY, "region": "other", "address": address}
    assert browser.post("/connections/new/?provider=talynce", typed).status_code in (302, 303)
    assert Connection.objects.get().facts["candidates"] == "40"


def test_rejections_and_shortlists_are_offered_once_their_statuses_are_named(admin, address):
    path = f"connections/{connect(admin, address).json()['id']}/"
    source = Source.objects.get()
    assert source.why_not("move") == source.why_not("fields") == ""
    assert source.why_not("reject") == "The stage map doesn't say which status of Talynce means rejected."

    Api(admin).patch(path, {"options": {"reject_status": "Rejected ", "shortlist_status": "shortlisted"}})
    source.refresh_from_db()
    assert (source.why_not("reject"), source.why_not("shortlist")) == ("", "")
    assert (source.status_for("reject"), source.status_for("move")) == ("Rejected ", "")

    Api(admin).post(f"{path}check/")
    Api(admin).patch(path, {"options": {}})
    source.refresh_from_db()
    assert source.why_not("shortlist") == "The stage map doesn't say which status of Talynce means shortlisted."
    assert source.status_for("reject") == ""
