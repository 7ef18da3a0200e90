"""Connections through the API, with Kombo's contract on the other end of a real wire."""

import pytest

from candidates.models import Candidate
from integrations.models import Connection, SyncRun
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.recruspace.company import API_KEY as RECRUSPACE_KEY
from integrations.sandbox.server import Sandbox
from tests import factories as make
from tests.api import fault, ids

CREDENTIALS = {"api_key": API_KEY, "integration_id": INTEGRATION_ID}


@pytest.fixture
def kombo(settings):
    """Kombo's address, with few people behind it."""
    with Sandbox(port=0, people=20, seed=1, lift_limits=True) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [running.url.removeprefix("http://")]
        yield f"{running.url}/kombo"


def connect(api, address, **more):
    body = {"provider": "kombo", "name": "Acme ATS", "base_url": address, "credentials": CREDENTIALS}
    return api.post("connections/", {**body, **more})


def test_a_connection_is_made_checked_and_begins_to_import(cast, kombo):
    made = connect(cast.adam, kombo)

    assert made.status_code == 201
    path = f"connections/{made.json()['id']}/"
    assert {name: made.json()[name] for name in ("provider", "name", "base_url")} == {
        "provider": "kombo",
        "name": "Acme ATS",
        "base_url": kombo,
    }
    assert cast.adam.post(f"{path}check/").json()["ok"] is True
    assert [run["trigger"] for run in cast.ana.get("sync-runs/").json()["results"]] == ["first"]


def test_no_answer_ever_holds_a_credential(cast, kombo):
    made = connect(cast.adam, kombo)
    path = f"connections/{made.json()['id']}/"

    answers = [made, cast.adam.get(path), cast.adam.get("connections/"), cast.adam.patch(path, {"name": "New"})]
    answers += [cast.adam.post(f"{path}check/"), cast.adam.get("activity/"), connect(cast.adam, kombo, name="")]

    assert [answer for answer in answers if API_KEY in answer.content.decode()] == []
    assert "credentials" not in cast.adam.get(path).json()


def test_wrong_credentials_make_no_connection(cast, kombo):
    wrong = connect(cast.adam, kombo, credentials={**CREDENTIALS, "api_key": "wrong"})

    assert fault(wrong) == (400, "wrong_key", "credentials")
    assert Connection.objects.count() == 0


@pytest.mark.parametrize(
    "more, field",
    [
        ({"provider": "myspace"}, "provider"),
        ({"name": ""}, "name"),
        ({"credentials": {}}, "credentials"),
        ({"credentials": "x"}, "credentials"),
        ({"credentials": {**CREDENTIALS, "surprise": "x"}}, "credentials"),
        ({"credentials": {**CREDENTIALS, "api_key": 7}}, "credentials.api_key"),
        ({"options": []}, "options"),
        ({"options": {"requests_per_minute": "many"}}, "options"),
        ({"base_url": "http://169.254.169.254/latest"}, "base_url"),
        ({"base_url": "https://example.org"}, "base_url"),
        ({"base_url": "file:///etc/passwd"}, "base_url"),
        ({"base_url": "https://api.kombo.dev@evil.example/"}, "base_url"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(cast, kombo, more, field):
    answer = connect(cast.adam, kombo, **more)

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)
    assert Connection.objects.count() == 0


def test_a_second_sync_while_one_is_unfinished_answers_with_the_first(cast, connection):
    path = f"connections/{connection.pk}/sync/"

    first = cast.ana.post(path, {"mode": "full", "dry_run": True})
    second = cast.ana.post(path, {})

    assert (first.status_code, first.json()["state"], first.json()["mode"], first.json()["dry_run"]) == (
        202,
        "queued",
        "full",
        True,
    )
    assert first.json()["requested_by"]["name"] == "Ana Koc"
    assert (fault(second), second.json()["run"]) == ((409, "already_running", None), first.json()["id"])
    assert fault(cast.ana.post(path, {"mode": "all"})) == (400, "invalid_choice", "mode")


def test_an_import_can_be_called_off(cast, connection):
    run = cast.ana.post(f"connections/{connection.pk}/sync/").json()

    assert cast.ana.post(f"sync-runs/{run['id']}/cancel/").json()["state"] == "cancelled"
    done = make.make_run(connection)
    assert fault(cast.ana.post(f"sync-runs/{done.pk}/cancel/")) == (409, "not_running", None)


def test_disconnecting_forgets_the_key_and_keeps_the_people(cast, connection):
    ada = make.make_candidate(cast.team)
    make.make_record(connection.source, ada)

    assert cast.adam.delete(f"connections/{connection.pk}/").status_code == 204

    assert cast.adam.get(f"connections/{connection.pk}/").status_code == 404
    assert ids(cast.adam.get("connections/")) == []
    assert dict(Connection.objects.get().credentials) == {}
    assert Candidate.objects.count() == 1
    assert SyncRun.objects.count() == 0


def test_recruiters_read_and_start_admins_change_and_nobody_else_sees_any(cast, connection):
    path = f"connections/{connection.pk}/"

    assert cast.ana.get(path).status_code == 200
    assert ids(cast.ana.get("connections/")) == [str(connection.pk)]
    assert connect(cast.ana, "").status_code == 403
    assert cast.ana.patch(path, {"name": "x"}).status_code == 403
    assert cast.ana.delete(path).status_code == 403
    assert connect(cast.rob, "").status_code == 403
    assert cast.rob.get("connections/").status_code == 403
    assert ids(cast.zoe.get("connections/")) == []
    for outsider in (cast.rob, cast.zoe):
        for ask, tail in ((outsider.get, ""), (outsider.post, "check/"), (outsider.post, "sync/")):
            assert ask(f"{path}{tail}").status_code == 404
        assert outsider.patch(path, {"name": "x"}).status_code == 404
        assert outsider.delete(path).status_code == 404


def test_a_connection_is_renamed_paused_and_resumed_without_its_credentials(cast, connection):
    path = f"connections/{connection.pk}/"

    changed = cast.adam.patch(path, {"name": "Acme", "paused": True, "sync_every_minutes": 60}).json()

    assert (changed["name"], changed["paused"], changed["sync_every_minutes"]) == ("Acme", True, 60)
    assert fault(cast.ana.post(f"{path}sync/")) == (409, "paused", None)
    assert cast.adam.patch(path, {"paused": False}).json()["paused"] is False
    assert Connection.objects.get().credentials["api_key"] == "k-secret"


def test_a_list_of_runs_costs_the_same_queries_with_one_row_and_with_thirty(
    cast, connection, django_assert_num_queries
):
    cast.ana.get("me/")  # notes when the token was used, once a minute

    def fill(number):
        for _ in range(number):
            make.make_stream(make.make_run(connection))

    fill(1)
    with django_assert_num_queries(3):
        cast.ana.get("sync-runs/")
    fill(29)
    with django_assert_num_queries(3):
        assert len(ids(cast.ana.get("sync-runs/"))) == 30


RECRUSPACE = {"provider": "recruspace", "name": "Our pools", "credentials": {"api_key": RECRUSPACE_KEY}}


def test_recruspace_is_connected_with_the_pools_that_are_named_and_offers_the_others(cast, kombo):
    address = kombo.replace("/kombo", "/recruspace")
    made = cast.adam.post("connections/", {**RECRUSPACE, "base_url": address, "options": {"pools": [15, "15 ", "24"]}})

    assert (made.status_code, made.json()["options"]) == (201, {"pools": ["15", "24"]})
    assert [pool["name"] for pool in made.json()["facts"]["pools"]][:2] == ["Backend 2026", "Design bench"]
    assert SyncRun.objects.count() == 1
    path = f"connections/{made.json()['id']}/"
    assert cast.adam.patch(path, {"options": {"pools": []}}).json()["options"] == {"pools": []}


@pytest.mark.parametrize(
    "options",
    [
        {"pools": "15"},
        {"pools": [True]},
        {"pools": [""]},
        {"pools": [{"id": 1}]},
        {"shortlist_tag": 3},
        {"pools": ["1"]},
    ],
)
def test_pools_that_are_none_are_refused_and_nothing_is_kept(cast, kombo, options):
    address = kombo.replace("/kombo", "/recruspace")
    refused = cast.adam.post("connections/", {**RECRUSPACE, "base_url": address, "options": options})
    assert (refused.status_code, Connection.objects.count()) == (400, 0)
