"""What every route shares: tokens, errors, idempotency, the document."""

import json
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from rest_framework.test import APIClient

from candidates.models import Candidate
from recruitment.models import ApiToken, IdempotentRequest
from tests import factories as make
from tests.api import Api, fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make.make_member(make.make_workspace("Demo"), "recruiter", email="ana@example.org", full_name="Ana Koc")


@pytest.fixture
def ana(member):
    return Api(member)


def test_me_says_who_and_where(ana, member):
    assert ana.get("me/").json() == {
        "id": str(member.pk),
        "member": {"id": str(member.pk), "name": "Ana Koc", "email": "ana@example.org", "role": "recruiter"},
        "workspace": {"id": str(member.workspace_id), "name": "Demo", "slug": "demo"},
        "role": "recruiter",
    }


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Bearer a b", "Basic YTpi"])
def test_without_a_valid_token_nobody_gets_in(header):
    answer = APIClient().get("/api/v1/me/", headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_and_a_removed_member_are_out_at_once(ana, member):
    member.is_active = False
    member.save()
    assert ana.get("me/").status_code == 401
    member.is_active = True
    member.save()
    ApiToken.objects.update(revoked_at=make.timezone.now())
    assert ana.get("me/").status_code == 401


@pytest.mark.parametrize("path", ["nowhere/", "candidates/nonsense/", "jobs/7/", "me/more/"])
def test_an_unknown_address_answers_in_json(ana, path):
    for verb in ("get", "post", "delete"):
        assert fault(getattr(ana, verb)(path)) == (404, "not_found", None)


def test_a_wrong_verb_is_405(ana):
    assert ana.delete("me/").status_code == 405


def test_the_session_of_a_member_works_with_csrf_only(member):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(member.user)

    assert client.get("/api/v1/me/").json()["member"]["email"] == "ana@example.org"
    assert client.post("/api/v1/candidates/", {"full_name": "Eve"}, format="json").status_code == 403


def post(api, body, key="k1"):
    return api.client.post(
        "/api/v1/candidates/", json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key}
    )


def test_the_same_request_again_has_one_effect_and_the_same_answer(ana):
    first, second = post(ana, {"full_name": "Ada"}), post(ana, {"full_name": "Ada"})

    assert (second.status_code, second.json()) == (201, first.json())
    assert second["Idempotent-Replayed"] == "true"
    assert Candidate.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(ana):
    post(ana, {"full_name": "Ada"})

    assert fault(post(ana, {"full_name": "Bob"})) == (422, "idempotency_key_reused", None)
    assert Candidate.objects.count() == 1


def test_a_refusal_is_replayed_as_well(ana):
    assert [post(ana, {}).status_code for _ in range(2)] == [400, 400]
    assert IdempotentRequest.objects.count() == 1


def test_keys_of_members_do_not_meet(ana):
    zoe = Api(make.make_member(role="admin"))

    assert post(ana, {"full_name": "Ada"}).json()["id"] != post(zoe, {"full_name": "Ada"}).json()["id"]
    assert Candidate.objects.count() == 2


def test_a_request_that_is_still_at_work_is_not_joined(ana, member):
    post(ana, {"full_name": "Ada"})
    IdempotentRequest.objects.update(status=None, body=None)

    assert fault(post(ana, {"full_name": "Ada"})) == (409, "in_progress", None)


def test_a_fault_keeps_no_answer(ana, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("boom")

    with monkeypatch.context() as patched:
        patched.setattr("candidates.api.views.people.create_candidate", fail)
        assert post(ana, {"full_name": "Ada"}).status_code == 500
    assert post(ana, {"full_name": "Ada"}).status_code == 201


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs real concurrency")
def test_the_same_request_at_the_same_time_has_one_effect(transactional_db):
    member = make.make_member(role="admin")
    apis, answers = [Api(member) for _ in range(5)], []

    def ask(api):
        answers.append(post(api, {"full_name": "Ada"}).status_code)
        connection.close()

    threads = [threading.Thread(target=ask, args=[api]) for api in apis]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answers) <= {201, 409}
    assert Candidate.objects.count() == 1


def test_a_token_has_its_ceiling(ana, monkeypatch):
    monkeypatch.setattr("recruitment.api.throttling.TokenThrottle.rate", "2/min", raising=False)

    answers = [ana.get("me/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_the_schema_is_open_and_holds_nobodys_data(member):
    answer = APIClient().get("/api/v1/schema/?format=json")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert "ana@example.org" not in answer.content.decode()


def test_the_page_of_the_schema_is_for_members_and_loads_nothing_from_elsewhere(client, member):
    address = reverse("api-docs")
    assert client.get(address).status_code == 302

    client.force_login(member.user)
    page, script = client.get(address), client.get(f"{address}?script=")

    assert (page.status_code, script.status_code) == (200, 200)
    assert "http://" not in page.content.decode().replace("http://testserver", "")
    assert "https://" not in page.content.decode()
    assert "<script>" not in page.content.decode()


def test_create_token_prints_the_token_alone(member):
    out = StringIO()

    call_command("create_token", "Ana@Example.org", workspace="demo", stdout=out)

    secret = out.getvalue().removesuffix("\n")
    answer = APIClient().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["id"] == str(member.pk)


@pytest.mark.parametrize(
    "email, workspace, words",
    [
        ("nobody@example.org", "demo", "There is no user with the e-mail address nobody@example.org."),
        ("ana@example.org", "nowhere", "There is no workspace “nowhere”."),
        ("zoe@example.org", "demo", "zoe@example.org is not an active member of the workspace “demo”."),
    ],
)
def test_create_token_says_what_is_wrong(member, email, workspace, words):
    make.make_member(email="zoe@example.org")

    with pytest.raises(CommandError) as refused:
        call_command("create_token", email, workspace=workspace)

    assert (str(refused.value), refused.value.returncode) == (words, 1)
