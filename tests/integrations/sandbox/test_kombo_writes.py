"""The writing half of the simulator checklist (kombo.md 16), over a real socket."""

import base64

import pytest


def candidate_of(kombo, application):
    return kombo.one("/ats/candidates", application["candidate_id"])


def test_a_move_shows_upstream_at_once_and_in_reads_after_the_delay(kombo, sandbox):
    application = kombo.pending()
    target = kombo.stages(application["job_id"])[1]
    path = f"/ats/applications/{application['id']}"

    answer = kombo.send("PUT", f"{path}/stage", {"stage_id": target["id"]})
    upstream = sandbox.kombo.application(application["id"])["current_stage_id"]
    before = kombo.one("/ats/applications", application["id"])
    sandbox.kombo.advance(21)
    after = kombo.one("/ats/applications", application["id"])

    assert answer.json() == {"status": "success", "data": {}, "warnings": []}
    assert upstream == target["id"]
    assert before == application
    assert after["current_stage"]["name"] == target["name"]
    assert after["changed_at"] > application["changed_at"]


def test_force_sync_lets_reads_catch_up_at_once(kombo):
    application = kombo.pending()
    target = kombo.stages(application["job_id"])[2]
    kombo.send("PUT", f"/ats/applications/{application['id']}/stage", {"stage_id": target["id"]})

    answer = kombo.send("POST", "/force-sync", {"type": "DELTA"}).json()

    assert (answer["data"]["type"], answer["data"]["already_queued"]) == ("DELTA", False)
    assert sorted(answer) == ["data", "status"]
    assert kombo.one("/ats/applications", application["id"])["current_stage_id"] == target["id"]


def test_a_move_needs_a_living_active_stage_of_that_job(kombo):
    application = kombo.pending()
    jobs = kombo.rows("/ats/jobs")
    foreign = next(job for job in jobs if job["stages"] and job["id"] != application["job_id"])["stages"][0]
    path = f"/ats/applications/{application['id']}/stage"

    refused = kombo.send("PUT", path, {"stage_id": foreign["id"]})

    assert kombo.code(refused) == (400, "REMOTE.INPUT_INVALID")
    assert "Stage not found" in refused.json()["error"]["message"]
    assert kombo.code(kombo.send("PUT", path, {})) == (400, "PLATFORM.INPUT_INVALID")
    assert kombo.code(kombo.send("PUT", path, {"stage_id": "x"})) == (400, "PLATFORM.INPUT_INVALID")


def test_a_rejection_sets_outcome_reason_and_time_and_is_final(kombo, sandbox):
    application = kombo.pending()
    reason = kombo.rows("/ats/rejection-reasons")[0]
    path = f"/ats/applications/{application['id']}/reject"

    answer = kombo.send("POST", path, {"rejection_reason_id": reason["id"], "note": "Thank you."})
    sandbox.kombo.sync()
    now = kombo.one("/ats/applications", application["id"])

    assert answer.status_code == 200
    assert (now["outcome"], now["rejection_reason_name"]) == ("DECLINED", reason["name"])
    assert now["rejected_at"] is not None
    assert sandbox.kombo.notes(application["candidate_id"]) == ["Thank you."]
    assert kombo.code(kombo.send("POST", path, {"rejection_reason_id": reason["id"]})) == (400, "REMOTE.INPUT_INVALID")


def test_a_rejection_needs_a_known_reason(kombo):
    path = f"/ats/applications/{kombo.pending()['id']}/reject"

    assert kombo.code(kombo.send("POST", path, {"note": "no"})) == (400, "PLATFORM.INPUT_INVALID")
    assert kombo.code(kombo.send("POST", path, {"rejection_reason_id": "2" * 24})) == (400, "REMOTE.INPUT_INVALID")


def test_tags_are_found_by_exact_name_or_made_and_removal_always_succeeds(kombo, sandbox):
    person = kombo.rows("/ats/candidates")[0]
    path = f"/ats/candidates/{person['id']}/tags"
    had = {tag["name"] for tag in person["tags"]}
    tags = {tag["name"]: tag["id"] for tag in kombo.rows("/ats/tags")}
    known = next(name for name in tags if name not in had)

    answers = [
        kombo.send("POST", path, {"tag": {"name": known}}),
        kombo.send("POST", path, {"tag": {"name": known}}),
        kombo.send("POST", path, {"tag": {"name": "Shortlist 2026"}}),
        kombo.send("DELETE", path, {"tag": {"name": "never carried"}}),
    ]
    sandbox.kombo.sync()
    after = {tag["name"]: tag["id"] for tag in kombo.one("/ats/candidates", person["id"])["tags"]}

    assert [answer.status_code for answer in answers] == [200] * 4
    assert set(after) == had | {known, "Shortlist 2026"}
    assert after[known] == tags[known]
    kombo.send("DELETE", path, {"tag": {"name": known}})
    sandbox.kombo.sync()
    assert {tag["name"] for tag in kombo.one("/ats/candidates", person["id"])["tags"]} == had | {"Shortlist 2026"}


@pytest.mark.parametrize("body", [{}, {"tag": {}}, {"tag": {"name": ""}}, [], {"tag": "SQL"}])
def test_a_tag_without_a_name_is_refused(kombo, body):
    person = kombo.rows("/ats/candidates")[0]

    response = kombo.send("DELETE", f"/ats/candidates/{person['id']}/tags", body)

    assert kombo.code(response) == (400, "PLATFORM.INPUT_INVALID")


def test_notes_and_links_are_kept_for_us_but_no_list_shows_them(kombo, sandbox):
    application = kombo.pending()
    path = f"/ats/applications/{application['id']}"
    link = {
        "label": "Review board",
        "url": "https://app.example.com/r/1",
        "details": {"custom_field_name_prefix": "Board:", "attributes": [{"key": "Score", "value": "4"}]},
    }
    kombo.send("POST", f"{path}/notes", {"content": "Panel says yes. ¡Sí!", "content_type": "PLAIN_TEXT"})
    kombo.send("POST", f"{path}/result-links", link)
    sandbox.kombo.sync()

    assert sandbox.kombo.notes(application["candidate_id"]) == ["Panel says yes. ¡Sí!"]
    assert [kept["label"] for kept in sandbox.kombo.links(application["candidate_id"])] == ["Review board"]
    assert kombo.one("/ats/applications", application["id"]) == application


@pytest.mark.parametrize(
    "body,code",
    [
        ({"content": "x", "content_type": "HTML"}, "PLATFORM.INPUT_INVALID"),
        ({"content": "", "content_type": "PLAIN_TEXT"}, "PLATFORM.INPUT_INVALID"),
        ({"content": "x" * 10_001, "content_type": "PLAIN_TEXT"}, "REMOTE.INPUT_INVALID"),
    ],
)
def test_bad_notes_are_refused(kombo, body, code):
    response = kombo.send("POST", f"/ats/applications/{kombo.pending()['id']}/notes", body)

    assert kombo.code(response) == (400, code)


def test_an_attachment_can_be_read_back(kombo):
    application = kombo.pending()
    data = base64.b64encode(b"%PDF-1.4 summary").decode()
    file = {"name": "Review summary.pdf", "type": "OTHER", "content_type": "application/pdf", "data": data}

    answer = kombo.send("POST", f"/ats/applications/{application['id']}/attachments", {"attachment": file})
    rows = kombo.get(f"/ats/candidates/{application['candidate_id']}/attachments").json()["data"]["results"]
    kept = next(row for row in rows if row["file_name"] == "Review summary.pdf")

    assert answer.status_code == 200
    assert kept["application_id"] == application["id"]
    assert kombo.http.get(kept["data_url"]).content == b"%PDF-1.4 summary"


def test_creating_an_application_answers_the_record_and_not_twice(kombo, sandbox):
    job = kombo.rows("/ats/jobs", statuses="OPEN")[0]
    body = {"candidate": {"first_name": "Nour", "last_name": "Aziz", "email_address": "nour.aziz@example.com"}}

    answer = kombo.send("POST", f"/ats/jobs/{job['id']}/applications", body).json()
    again = kombo.send("POST", f"/ats/jobs/{job['id']}/applications", body)
    hidden = kombo.rows("/ats/candidates", email="nour.aziz@example.com")
    sandbox.kombo.sync()
    person = kombo.rows("/ats/candidates", email="NOUR.AZIZ@example.com")[0]

    assert answer["data"]["job"]["id"] == job["id"]
    assert answer["data"]["candidate"]["first_name"] == "Nour"
    assert kombo.code(again) == (409, "ATS.APPLICATION_ALREADY_EXISTS")
    assert hidden == []
    assert [each["id"] for each in person["applications"]] == [answer["data"]["id"]]


def test_a_closed_job_takes_no_application(kombo):
    job = kombo.rows("/ats/jobs", statuses="CLOSED")[0]
    body = {"candidate": {"first_name": "Nour", "last_name": "Aziz", "email_address": "nour.aziz@example.com"}}

    assert kombo.code(kombo.send("POST", f"/ats/jobs/{job['id']}/applications", body)) == (422, "ATS.JOB_CLOSED")


def test_writes_to_the_unknown_and_the_deleted_are_refused(kombo, sandbox):
    application = kombo.pending()
    sandbox.kombo.delete_application(application["id"])
    note = {"content": "x", "content_type": "PLAIN_TEXT"}

    deleted = kombo.send("POST", f"/ats/applications/{application['id']}/notes", note)
    unknown = kombo.send("POST", f"/ats/applications/{'1' * 24}/notes", note)

    assert kombo.code(deleted) == (400, "REMOTE.INPUT_INVALID")
    assert kombo.code(unknown) == (404, "PLATFORM.INPUT_INVALID")


def test_an_action_that_is_switched_off_says_why(kombo, sandbox):
    path = f"/ats/candidates/{kombo.rows('/ats/candidates')[0]['id']}/tags"
    body = {"tag": {"name": "SQL"}}

    sandbox.kombo.switch("ats_add_candidate_tag", "DISABLED")
    disabled = kombo.send("POST", path, body)
    sandbox.kombo.switch("ats_add_candidate_tag", "NOT_AVAILABLE")
    absent = kombo.send("POST", path, body)
    sandbox.kombo.switch("ats_add_candidate_tag")

    assert kombo.code(disabled) == (403, "INTEGRATION.ACTION_DISABLED")
    assert kombo.code(absent) == (404, "INTEGRATION.ACTION_NOT_AVAILABLE")
    assert kombo.send("POST", path, body).status_code == 200


def test_the_ledger_holds_every_write_in_order_with_its_outcome(kombo, sandbox):
    application = kombo.pending()
    path = f"/ats/applications/{application['id']}/notes"
    note = {"content": "Once.", "content_type": "PLAIN_TEXT"}
    kombo.send("POST", path, note)
    kombo.send("POST", path, {"content": "", "content_type": "PLAIN_TEXT"})
    kombo.send("POST", path, note)

    ledger = kombo.http.get(f"{sandbox.url}/_control/kombo/writes").json()

    assert [(row["path"], row["status"], row["applied"]) for row in ledger["writes"]] == [
        (path, 200, True),
        (path, 400, False),
        (path, 200, True),
    ]
    assert ledger["writes"][0]["body"] == note
    assert ledger["told"] == [{"kind": "note", "target": application["id"], "times": 2}]
