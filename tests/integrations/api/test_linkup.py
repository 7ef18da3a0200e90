"""A LinkUp connection through the API, with LinkUp's contract on the other end of a real wire."""

import pytest

from integrations.importing import run
from integrations.models import Connection
from integrations.sandbox.linkup.account import ACCOUNT_ID, API_KEY, CREDITS, POSTINGS
from integrations.sandbox.server import Sandbox
from tests.api import fault

CREDENTIALS = {"api_key": API_KEY, "account_id": ACCOUNT_ID}
JOBS = [POSTINGS[0].job_id, POSTINGS[1].job_id]


@pytest.fixture(scope="module")
def running():
    with Sandbox(port=0, people=80, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def upstream(running, settings):
    running.linkup.reset()
    settings.UPSTREAM_ALLOWED_HOSTS = [running.url.removeprefix("http://")]
    return running


def connect(api, upstream, **more):
    body = {"provider": "linkup", "name": "LinkedIn", "base_url": f"{upstream.url}/linkup", "credentials": CREDENTIALS}
    return api.post("connections/", {**body, "options": {"job_ids": JOBS, "credit_budget": 3}, **more})


def test_it_is_connected_imports_within_its_budget_and_goes_on(cast, upstream):
    made = connect(cast.adam, upstream).json()
    path = f"connections/{made['id']}/"
    first = cast.adam.get("sync-runs/").json()["results"][0]
    run(first["id"])
    done = cast.adam.get(f"sync-runs/{first['id']}/").json()

    assert made["options"] == {"job_ids": JOBS, "credit_budget": 3}
    assert (done["state"], done["error"]["code"]) == ("partial", "credit_budget")
    assert sum(stream["cost"] for stream in done["streams"]) == 3
    assert cast.adam.get(f"{path}budget/").json()["credits"] == {
        "left": CREDITS - 3,
        "as_of": Connection.objects.get().facts["credits_at"],
        "used": 3,
        "used_lately": 3,
        "budget": 3,
        "forecast": None,
    }
    again = cast.adam.post(f"{path}sync/", {}).json()
    run(again["id"])
    assert cast.adam.get(f"sync-runs/{again['id']}/").json()["state"] == "succeeded"
    assert cast.adam.get(f"{path}budget/").json()["credits"]["forecast"] == 5
    people = cast.adam.get("candidates/?source=linkup&page_size=200").json()["results"]
    assert len(people) > 20


def test_an_application_shows_what_linkedin_said_as_a_signal(cast, upstream):
    connect(cast.adam, upstream, options={"job_ids": JOBS})
    run(cast.adam.get("sync-runs/").json()["results"][0]["id"])
    shown = cast.adam.get("applications/?page_size=200").json()["results"]
    signals = [each["upstream"] for each in shown if each["upstream"]["provider"] == "linkup"]

    assert {each["rating"] for each in signals} >= {"UNRATED", "GOOD"}
    assert any(each["top_choice"] for each in signals)


@pytest.mark.parametrize(
    "credentials, code",
    [
        ({**CREDENTIALS, "api_key": "wrong"}, "wrong_key"),
        ({**CREDENTIALS, "account_id": "nobody"}, "wrong_account"),
        ({"api_key": API_KEY}, "required"),
        ({**CREDENTIALS, "integration_id": "x"}, "unknown"),
    ],
)
def test_wrong_credentials_make_no_connection(cast, upstream, credentials, code):
    assert fault(connect(cast.adam, upstream, credentials=credentials)) == (400, code, "credentials")
    assert Connection.objects.count() == 0


@pytest.mark.parametrize(
    "options",
    [
        {"job_ids": "4401122334"},
        {"job_ids": [None]},
        {"job_ids": [{"title": "Cook"}]},
        {"job_ids": ["cook"]},
        {"job_ids": [1.5]},
        {"job_ids": [{"id": "1", "title": 7}]},
        {"job_ids": ["1"] * 201},
        {"credit_budget": 0},
        {"credit_budget": "5"},
        {"credit_budget": True},
        {"credit_budget": 10_000_000},
    ],
)
def test_options_that_make_no_sense_are_refused_in_words(cast, upstream, options):
    answer = connect(cast.adam, upstream, options=options)
    assert fault(answer) == (400, "invalid", "options")
    assert Connection.objects.count() == 0


def test_options_can_be_changed_and_jobs_come_in_either_shape(cast, upstream):
    path = f"connections/{connect(cast.adam, upstream).json()['id']}/"
    given = {"job_ids": [4401122334, {"id": " 4401122335 ", "title": " Data   Analyst "}, "4401122334"]}
    changed = cast.adam.patch(path, {"options": {**given, "credit_budget": None}})

    assert changed.json()["options"] == {
        "job_ids": ["4401122334", {"id": "4401122335", "title": "Data Analyst"}],
        "credit_budget": None,
    }
    assert fault(cast.adam.patch(path, {"options": {"job_ids": ["x"]}})) == (400, "invalid", "options")


def test_postings_are_looked_up_for_a_credit(cast, upstream):
    path = f"connections/{connect(cast.adam, upstream).json()['id']}/"
    found = cast.adam.post(f"{path}postings/")

    assert found.json() == [{"id": posting.job_id, "title": posting.title} for posting in POSTINGS]
    assert upstream.linkup.store.spent == 1
    assert cast.ana.post(f"{path}postings/").status_code == 403
    upstream.linkup.faults.set("channel")
    assert cast.adam.post(f"{path}postings/").status_code == 409


def test_a_provider_that_charges_nothing_has_no_credits_and_no_postings(cast, connection):
    path = f"connections/{connection.pk}/"
    assert cast.adam.get(f"{path}budget/").json()["credits"] is None
    assert fault(cast.adam.post(f"{path}postings/"))[:2] == (409, "no_postings")
