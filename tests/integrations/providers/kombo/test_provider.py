"""Kombo under our contract: rows, pushes, reading back, and the check of the credentials."""

from __future__ import annotations

import httpx
import pytest

from candidates.domain.profiles import CandidateProfile, FactsProfile, JobProfile, Malformed, ReasonProfile, TagProfile
from integrations.errors import NotOffered, Refused
from integrations.provider import Order
from tests.integrations.providers.kombo import rows
from tests.integrations.providers.kombo.wire import INTEGRATION, KEY, done, error, kombo, ok, page


def order(kind: str, **payload) -> Order:
    return Order(kind, payload, candidate_id="candidate-id", application_id="application-id", job_id="job-id")


# ---- reading


@pytest.mark.parametrize(
    "stream, path, row, kind",
    [
        ("jobs", "/v1/ats/jobs", rows.JOB, JobProfile),
        ("tags", "/v1/ats/tags", rows.NAMED, TagProfile),
        ("rejection_reasons", "/v1/ats/rejection-reasons", rows.NAMED, ReasonProfile),
        ("candidates", "/v1/ats/candidates", rows.CANDIDATE, CandidateProfile),
        ("applications", "/v1/ats/applications", rows.APPLICATION, FactsProfile),
    ],
)
def test_each_stream_has_its_list_and_its_profile(stream, path, row, kind):
    provider, script = kombo(page(row))
    found = provider.fetch(stream, cursor=None, since=None)
    assert (script.last.url.path, [type(profile) for profile in found.rows]) == (path, [kind])


def test_a_row_that_cannot_be_read_is_set_aside_and_the_others_come_through():
    provider, _script = kombo(page(rows.candidate(id=None), "text", rows.candidate(), None))
    found = provider.fetch("candidates", cursor=None, since=None).rows

    assert [type(row) for row in found] == [Malformed, Malformed, CandidateProfile, Malformed]
    assert [row.reason for row in found if isinstance(row, Malformed)] == [
        "The row has no usable id.",
        "The row isn't an object.",
        "The row isn't an object.",
    ]


def test_a_model_that_this_system_has_not_is_not_offered():
    provider, _script = kombo(error(404, "INTEGRATION.MODEL_NOT_AVAILABLE"))
    with pytest.raises(NotOffered):
        provider.fetch("tags", cursor=None, since=None)


# ---- telling


@pytest.mark.parametrize(
    "told, method, path, body",
    [
        (
            order("move", stage_id="stage-id", stage_name="Screen"),
            "PUT",
            "/v1/ats/applications/application-id/stage",
            {"stage_id": "stage-id"},
        ),
        (
            order("reject", reason_id="reason-id", note="No SQL."),
            "POST",
            "/v1/ats/applications/application-id/reject",
            {"rejection_reason_id": "reason-id", "note": "No SQL."},
        ),
        (
            order("reject", reason_id="reason-id", note=""),
            "POST",
            "/v1/ats/applications/application-id/reject",
            {"rejection_reason_id": "reason-id"},
        ),
        (
            order("note", text="4.2 of 5."),
            "POST",
            "/v1/ats/applications/application-id/notes",
            {"content": "4.2 of 5.", "content_type": "PLAIN_TEXT"},
        ),
        (order("tag", name="SQL"), "POST", "/v1/ats/candidates/candidate-id/tags", {"tag": {"name": "SQL"}}),
        (order("untag", name="SQL"), "DELETE", "/v1/ats/candidates/candidate-id/tags", {"tag": {"name": "SQL"}}),
    ],
)
def test_each_push_is_one_request(told, method, path, body):
    provider, script = kombo(done({"message": "Stored elsewhere."}, {"message": None}, "odd"))
    exchange = provider.push(told)

    assert [(request.method, request.url.path) for request in script.asked] == [(method, path)]
    assert script.bodies == [body]
    assert script.last.headers["x-integration-id"] == INTEGRATION
    assert (exchange.method, exchange.path, exchange.request, exchange.status) == (method, path, body, 200)
    assert exchange.warnings == ["Stored elsewhere.", "None", "odd"]


@pytest.mark.parametrize(
    "told, code",
    [
        (order("move"), "stage_id_missing"),
        (order("move", stage_id=" "), "stage_id_missing"),
        (order("reject", note="No."), "reason_id_missing"),
        (order("reject", reason_id=None), "reason_id_missing"),
        (order("note", text=""), "text_missing"),
        (order("tag", name=""), "name_missing"),
        (order("untag", name=None), "name_missing"),
        (Order("move", {"stage_id": "s"}, candidate_id="c"), "application_missing"),
        (Order("tag", {"name": "SQL"}, candidate_id=".."), "bad_id"),
    ],
)
def test_what_kombo_requires_is_refused_here_and_never_made_up(told, code):
    provider, script = kombo(done())
    with pytest.raises(Refused) as caught:
        provider.push(told)
    assert (caught.value.code, script.asked) == (code, [])


@pytest.mark.parametrize("kind", ["reopen", "shortlist", "fields", "unheard of"])
def test_what_kombo_cannot_be_told_is_not_sent(kind):
    provider, script = kombo(done())
    with pytest.raises(NotOffered) as caught:
        provider.push(order(kind))
    assert (bool(caught.value.message), script.asked) == (True, [])


# ---- reading back


def read_back(told: Order, *answers) -> bool | None:
    return kombo(*answers)[0].read_back(told)


def person(**changes) -> httpx.Response:
    return page({**rows.candidate(remote_deleted_at=None), **changes})


def applied(**changes) -> httpx.Response:
    return person(applications=[rows.application(id="another"), rows.application(**changes)])


@pytest.mark.parametrize(
    "told, answer, arrived",
    [
        (order("move", stage_id="stage-id"), applied(), True),
        (order("move", stage_id="stage-two"), applied(), None),
        (order("move", stage_id="stage-id"), applied(current_stage=None), None),
        (order("move", stage_id="stage-id"), person(applications=[rows.application(id="another")]), None),
        (order("reject", reason_id="r"), applied(outcome="DECLINED"), True),
        (order("reject", reason_id="r"), applied(outcome="PENDING"), None),
        (order("reject", reason_id="r"), applied(outcome=None), None),
        (order("tag", name=" SQL"), person(), True),
        (order("tag", name="sql"), person(), None),
        (order("tag", name="SQL"), person(tags=None), None),
        (order("untag", name="SQL"), person(), None),
        (order("untag", name="SQL"), person(tags=[]), True),
        (order("untag", name="SQL"), person(tags=None), None),
        (order("move", stage_id="stage-id"), page(rows.candidate()), None),  # deleted upstream
        (order("move", stage_id="stage-id"), page(), None),
        (order("move", stage_id="stage-id"), page(None, rows.candidate(id="another")), None),
        (order("move", stage_id="stage-id"), error(404, "PLATFORM.INPUT_INVALID"), None),
    ],
)
def test_reading_back_says_yes_or_cannot_tell(told, answer, arrived):
    assert read_back(told, answer) is arrived


def test_reading_back_asks_for_the_one_person():
    provider, script = kombo(page())
    provider.read_back(order("reject", reason_id="r"))
    assert str(script.last.url) == "https://api.kombo.dev/v1/ats/candidates?ids=candidate-id&include_deleted=true"


def test_a_note_cannot_be_read_back_and_nothing_is_asked():
    provider, script = kombo(page())
    assert (provider.read_back(order("note", text="x")), script.asked) == (None, [])


def test_only_what_is_harmless_twice_is_repeatable():
    assert kombo(page())[0].repeatable == {"move", "tag", "untag"}


# ---- the check

ENVIRONMENT = ok({"environment_id": "MHbTv94pPzWjeuzaTuyZ9bAa"})


def action(label: str, **changes) -> dict:
    return {"id": label.lower().replace(" ", "_"), "label": label, "is_available": True, **changes}


def integration(**changes) -> httpx.Response:
    return ok(
        {
            "id": INTEGRATION,
            "tool": {"id": "greenhouse", "label": "Greenhouse"},
            "category": "ATS",
            "status": "ACTIVE",
            "setup_status": "COMPLETED",
            "end_user": {"organization_name": "Northwind Traders"},
            "data_expired_at": None,
            "write_actions": [],
            **changes,
        }
    )


def test_good_credentials_say_what_they_lead_to():
    provider, script = kombo(ENVIRONMENT, integration())
    check = provider.check()

    assert (check.ok, check.code, check.detail) == (True, "ok", "Connected to Greenhouse of Northwind Traders.")
    assert check.facts == {
        "system": "Greenhouse",
        "company": "Northwind Traders",
        "environment_id": "MHbTv94pPzWjeuzaTuyZ9bAa",
        "status": "ACTIVE",
        "setup_status": "COMPLETED",
    }
    assert [request.url.path for request in script.asked] == ["/v1/check-api-key", f"/v1/integrations/{INTEGRATION}"]
    assert ["x-integration-id" in request.headers for request in script.asked] == [False, False]


@pytest.mark.parametrize(
    "answers, code, words",
    [
        ([error(401, "PLATFORM.AUTHENTICATION_INVALID", f"No key {KEY}.")], "wrong_key", "No key [secret]."),
        ([error(401, None, "Who are you?")], "wrong_key", "Who are you?"),
        ([error(403, "PLATFORM.IP_NOT_WHITELISTED", "Not from 1.2.3.4.")], "ip_not_allowed", "Not from 1.2.3.4."),
        ([ENVIRONMENT, error(404, "PLATFORM.INTEGRATION_NOT_FOUND", "Unknown.")], "wrong_integration", "Unknown."),
        ([ENVIRONMENT, integration(id="lever:other")], "wrong_integration", "Greenhouse of Northwind Traders"),
        ([ENVIRONMENT, integration(category="HRIS")], "wrong_integration", "applicant tracking system"),
        ([ENVIRONMENT, integration(status="INACTIVE")], "inactive", "switched off"),
        ([ENVIRONMENT, integration(status="INVALID")], "reconnect", "Northwind Traders must reconnect"),
        ([ENVIRONMENT, integration(setup_status="FINAL_SYNC_PENDING")], "setup_pending", "still setting up"),
        ([ENVIRONMENT, integration(setup_status="INCOMPLETE")], "setup_pending", "still setting up"),
        ([httpx.Response(200, text="<html>")], "web_page", "a web page"),
        ([httpx.Response(301, headers={"location": "/"})], "redirected", "redirected"),
        ([error(503, None, "Down.")], "http_503", "Down."),
        ([error(429, "PLATFORM.RATE_LIMIT_EXCEEDED")], "PLATFORM.RATE_LIMIT_EXCEEDED", "Said by Kombo."),
        ([ok(None)], "bad_envelope", "lacks its parts"),
    ],
)
def test_bad_credentials_are_an_answer_in_words(answers, code, words):
    check = kombo(*answers)[0].check()
    assert (check.ok, check.code, words in check.detail, KEY in check.detail) == (False, code, True, False)


def test_an_integration_that_says_little_is_fine():
    check = kombo(ok({}), ok({"tool": None, "end_user": [], "write_actions": {"a": 1}}))[0].check()
    assert (check.ok, check.detail) == (True, "Connected to the ATS.")
    assert [kind for kind, why_not in check.capabilities.items() if not why_not] == [
        "move", "reject", "tag", "untag", "note"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "label, kinds",
    [
        ("Set application stage", {"move"}),
        ("Reject applications", {"reject"}),
        ("Manage tags", {"tag", "untag"}),
        ("Add candidate tag", {"tag"}),
        ("Remove candidate tag", {"untag"}),
        ("Add notes", {"note"}),
        ("Create application", set()),
        ("Something new", set()),
    ],
)
def test_an_action_that_is_switched_off_is_not_offered(label, kinds):
    off = action(label, is_available=False, coverage_status="SUPPORTED", scope_config_setting="DISABLED")
    capabilities = kombo(ENVIRONMENT, integration(write_actions=[off, None, action("Other")]))[0].check().capabilities

    offered = {"move", "reject", "tag", "untag", "note"}
    assert {kind for kind in offered if capabilities[kind]} == kinds
    assert all("switched off" in capabilities[kind] for kind in kinds)


def test_the_reason_why_an_action_is_not_offered_is_named():
    def why(**changes) -> str:
        off = action("Add notes", is_available=False, **changes)
        return kombo(ENVIRONMENT, integration(write_actions=[off]))[0].check().capabilities["note"]

    assert why(coverage_status="UNSUPPORTED") == "Kombo can't do this with Greenhouse."
    assert why(opted_out_by_customer=True) == "The customer has opted out of this."
