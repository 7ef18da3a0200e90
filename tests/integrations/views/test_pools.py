"""Connecting Recruspace and choosing its talent pools, in the browser and over the sandbox's real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from candidates.models import TalentPool
from integrations.importing import run
from integrations.models import Connection, SyncRun
from integrations.sandbox.recruspace.company import API_KEY
from integrations.sandbox.server import Sandbox
from recruitment.models import Role
from tests.candidates.views.screens import MOST, queries_of, signed_in
from tests.factories import make_connection, make_member

pytestmark = pytest.mark.django_db
NEW = "/connections/new/?provider=recruspace"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(port=0, people=20, lift_limits=True) as sandbox:
        yield sandbox


@pytest.fixture
def upstream(running, settings):
    running.recruspace.reset()
    settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
    return running.recruspace


@pytest.fixture
def admin():
    return make_member(role=Role.ADMIN, full_name="Ana Koch")


@pytest.fixture
def browser(admin):
    return signed_in(admin)


def connect(browser, running, key: str = API_KEY):
    address = f"{running.url}/recruspace"
    return browser.post(NEW, {"name": "Our pools", "api_key": key, "region": "other", "address": address})


@pytest.fixture
def connection(upstream, running, browser) -> Connection:
    connect(browser, running)
    return Connection.objects.get()


def address(connection: Connection) -> str:
    return f"/connections/{connection.pk}/pools/"


def choose(browser, connection, *pools: str, tag: str = ""):
    chosen = {"which": "some" if pools else "all", "pools": list(pools), "shortlist": tag}
    return browser.post(address(connection), chosen)


def test_after_the_key_was_checked_the_pools_are_chosen_and_then_the_import_starts(upstream, running, browser):
    answer = connect(browser, running)
    connection = Connection.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address(connection))
    assert (SyncRun.objects.count(), connection.next_sync_at) == (0, None)
    page = browser.get(address(connection)).content.decode()
    assert all(
        words in page for words in ("Backend 2026 (", "مواهب الدعم", "Nobody yet (0 candidates)", "Save and import")
    )
    assert API_KEY not in page
    assert "Choose talent pools" in browser.get(f"/connections/{connection.pk}/").content.decode()

    answer = choose(browser, connection, "15", "24")
    [asked] = SyncRun.objects.all()
    assert (answer["Location"], asked.trigger) == (f"/connections/runs/{asked.pk}/", "first")
    run(asked.pk)
    assert sorted(TalentPool.objects.values_list("name", flat=True)) == ["Design bench", "Nobody yet"]
    connection.refresh_from_db()
    assert connection.options == {"pools": ["15", "24"]}


def test_a_wrong_key_is_said_beside_it_and_nothing_is_kept(upstream, running, browser):
    answer = connect(browser, running, key="wrong")
    assert (answer.status_code, Connection.objects.count()) == (422, 0)
    assert "Recruspace doesn&#x27;t accept this API key." in answer.content.decode()


def test_all_pools_are_imported_unless_some_are_chosen(upstream, browser, connection):
    choose(browser, connection)
    run(SyncRun.objects.get().pk)
    connection.refresh_from_db()
    assert (connection.options, TalentPool.objects.count()) == ({}, 4)


def test_another_choice_is_read_at_once_and_the_same_one_is_not(upstream, browser, connection):
    choose(browser, connection, "15")
    run(SyncRun.objects.get().pk)
    assert choose(browser, connection, "15")["Location"] == f"/connections/{connection.pk}/"
    assert SyncRun.objects.count() == 1
    choose(browser, connection, "15", "12")
    assert list(SyncRun.objects.order_by("pk").values_list("trigger", "mode")) == [
        ("first", "full"),
        ("manual", "full"),
    ]
    page = browser.get(f"/connections/{connection.pk}/").content.decode()
    assert "2 chosen" in page


def test_a_pool_that_was_made_just_now_is_found_by_asking_again(upstream, browser, connection):
    upstream.add_pool("Brand new")
    assert "Brand new" not in browser.get(address(connection)).content.decode()
    browser.post(address(connection), {"look": "1"})
    assert "Brand new (0 candidates)" in browser.get(address(connection)).content.decode()


def test_a_chosen_pool_that_is_gone_is_named_and_may_be_let_go(upstream, browser, connection):
    choose(browser, connection, "15", "12")
    upstream.delete_pool(15)
    browser.post(address(connection), {"look": "1"})
    assert "Pool 15 (no longer there)" in browser.get(address(connection)).content.decode()
    choose(browser, connection, "12")
    connection.refresh_from_db()
    assert connection.options == {"pools": ["12"]}


def test_before_a_check_the_imported_pools_are_shown_by_their_names(upstream, browser, connection):
    choose(browser, connection, "15")
    run(SyncRun.objects.get().pk)
    Connection.objects.update(facts={})
    page = browser.get(address(connection)).content.decode()
    assert ("Design bench" in page, "no longer there" in page) == (True, False)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"which": "some"},
        {"which": "some", "pools": ["999"]},
        {"which": "x"},
        {"which": "all", "shortlist": "x" * 101},
    ],
)
def test_a_choice_that_makes_no_sense_is_answered_beside_the_field(upstream, browser, connection, sent):
    assert browser.post(address(connection), sent).status_code == 422
    connection.refresh_from_db()
    assert (connection.options, SyncRun.objects.count()) == ({}, 0)


def test_a_tag_for_the_shortlist_is_offered_once_it_is_named(upstream, browser, connection):
    assert connection.source.pushes["shortlist"] != ""
    choose(browser, connection, tag=" Shortlisted ")
    connection.refresh_from_db()
    connection.source.refresh_from_db()
    assert (connection.options["shortlist_tag"], connection.source.pushes["shortlist"]) == ("Shortlisted", "")
    choose(browser, connection)
    connection.source.refresh_from_db()
    assert connection.source.pushes["shortlist"] != ""


def test_only_admins_choose_and_only_where_there_are_pools(admin, browser, connection):
    recruiter = signed_in(make_member(admin.workspace))
    assert recruiter.get(address(connection)).status_code == 403
    assert signed_in(make_member(role=Role.ADMIN)).get(address(connection)).status_code == 404
    assert browser.get(address(make_connection(admin.workspace))).status_code == 404


def test_the_page_costs_the_same_with_many_pools(browser, connection):
    def cost(size: int) -> int:
        pools = [{"id": str(number), "name": f"Pool {number}", "candidates": number} for number in range(size)]
        Connection.objects.update(facts={"pools": pools})
        return queries_of(browser, address(connection))

    assert cost(1) == cost(300) <= MOST
