"""What ``updated_after`` reacts to (kombo.md 7.3), restarts, and webhooks."""

import http.server
import json
import queue
import threading

import pytest

from integrations.sandbox.kombo.hooks import signature
from integrations.sandbox.server import Sandbox
from tests.integrations.sandbox.conftest import Caller


def changed(kombo, name, since, **params):
    return [row["id"] for row in kombo.rows(f"/ats/{name}", updated_after=since, include_deleted="true", **params)]


@pytest.fixture
def since(sandbox):
    """A moment after everything that is, and before everything that the test does."""
    moment = sandbox.clock.iso()
    sandbox.kombo.advance(1)
    return moment


def test_a_moved_application_shows_its_candidate_again_whose_own_time_stays(kombo, sandbox, since):
    application = kombo.pending()
    person = kombo.one("/ats/candidates", application["candidate_id"])

    sandbox.kombo.move(application["id"], kombo.stages(application["job_id"])[1]["id"])
    sandbox.kombo.sync()

    assert changed(kombo, "applications", since) == [application["id"]]
    assert changed(kombo, "candidates", since) == [person["id"]]
    assert kombo.one("/ats/candidates", person["id"])["changed_at"] == person["changed_at"]


def test_an_edited_candidate_shows_their_applications_again(kombo, sandbox, since):
    person = next(row for row in kombo.rows("/ats/candidates") if len(row["applications"]) == 2)

    sandbox.kombo.edit_candidate(person["id"], last_name="Newname")
    sandbox.kombo.sync()

    assert changed(kombo, "candidates", since) == [person["id"]]
    assert sorted(changed(kombo, "applications", since)) == sorted(each["id"] for each in person["applications"])


def test_tag_membership_shows_candidates_only_and_a_renamed_tag_shows_nobody(kombo, sandbox, since):
    person = next(row for row in kombo.rows("/ats/candidates") if row["tags"] and row["applications"])

    sandbox.kombo.rename_tag(person["tags"][0]["id"], "Renamed")
    sandbox.kombo.sync()
    renamed = changed(kombo, "tags", since), changed(kombo, "candidates", since), changed(kombo, "applications", since)
    sandbox.kombo.tag(person["id"], "Brand new")
    sandbox.kombo.sync()

    assert renamed == ([person["tags"][0]["id"]], [], [])
    assert changed(kombo, "candidates", since) == [person["id"]]
    assert changed(kombo, "applications", since) == []
    assert kombo.one("/ats/candidates", person["id"])["tags"][0]["name"] == "Renamed"


def test_a_renamed_stage_shows_its_applications_but_no_candidate_and_no_job(kombo, sandbox, since):
    application = kombo.pending()
    stage = application["current_stage_id"]
    there = [row["id"] for row in kombo.rows("/ats/applications", current_stage_ids=stage, include_deleted="true")]

    sandbox.kombo.edit_stage(stage, name="Renamed stage")
    sandbox.kombo.sync()

    assert changed(kombo, "applications", since) == there
    assert (changed(kombo, "candidates", since), changed(kombo, "jobs", since)) == ([], [])


def test_a_deletion_is_learned_only_with_include_deleted_and_can_be_undone(kombo, sandbox, since):
    person = next(row for row in kombo.rows("/ats/candidates") if row["applications"])

    sandbox.kombo.delete_candidate(person["id"])
    sandbox.kombo.sync()
    gone = kombo.rows("/ats/candidates", updated_after=since), changed(kombo, "candidates", since)
    sandbox.kombo.undelete_candidate(person["id"])
    sandbox.kombo.sync()

    assert gone == ([], [person["id"]])
    assert kombo.one("/ats/candidates", person["id"])["remote_deleted_at"] is None


def test_an_added_candidate_appears_at_the_end_of_the_walk(kombo, sandbox):
    job = kombo.rows("/ats/jobs")[0]["id"]

    added = sandbox.kombo.add_candidate(
        first_name="Late", last_name="Comer", email_address="late@example.com", job_id=job
    )
    sandbox.kombo.sync()

    assert kombo.rows("/ats/candidates", page_size="100")[-1]["id"] == added
    assert kombo.rows("/ats/applications")[-1]["candidate_id"] == added


def test_a_restart_with_a_state_file_keeps_what_upstream_was_told(tmp_path):
    state = tmp_path / "kombo.jsonl"
    with Sandbox(port=0, people=60, state=state) as first:
        kombo = Caller(first.url)
        application = kombo.pending()
        target = kombo.stages(application["job_id"])[1]["id"]
        kombo.send("PUT", f"/ats/applications/{application['id']}/stage", {"stage_id": target})
        kombo.send("POST", f"/ats/candidates/{application['candidate_id']}/tags", {"tag": {"name": "Kept"}})
        first.kombo.sync()
        first.kombo.switch("ats_reject_application", "DISABLED")
        before = kombo.rows("/ats/candidates"), first.kombo.writes()
    with state.open("a") as torn:
        torn.write('{"at": "cut in the mid')

    with Sandbox(port=0, people=60, state=state) as second:
        kombo = Caller(second.url)
        assert (kombo.rows("/ats/candidates"), second.kombo.writes()) == before
        assert kombo.one("/ats/applications", application["id"])["current_stage_id"] == target
        assert second.kombo.store.settings["off"] == {"ats_reject_application": "DISABLED"}
        second.kombo.tag(application["candidate_id"], "After the restart")
    with Sandbox(port=0, people=60, state=state) as third:
        assert third.kombo.tags(application["candidate_id"])[-2:] == ["Kept", "After the restart"]


def test_a_state_file_of_other_people_is_refused(tmp_path):
    Sandbox(port=0, people=60, state=tmp_path / "kombo.jsonl").close()

    with pytest.raises(ValueError, match="--seed 1 --people 60"):
        Sandbox(port=0, people=61, state=tmp_path / "kombo.jsonl")


def test_reset_goes_back_to_the_beginning(kombo, sandbox):
    before = kombo.rows("/ats/candidates")
    sandbox.kombo.edit_candidate(before[0]["id"], last_name="Gone")
    sandbox.kombo.sync()

    sandbox.kombo.reset()

    assert kombo.rows("/ats/candidates") == before
    assert sandbox.kombo.writes() == []


@pytest.fixture
def receiver():
    """A listening app: puts (headers, raw body) of each webhook into a queue."""
    received = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            received.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", received
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_change_that_reaches_the_read_copy_is_announced_signed_and_in_order(kombo, sandbox, receiver):
    url, received = receiver
    sandbox.kombo.set_hook(url, "s3cret")
    person = kombo.rows("/ats/candidates")[0]["id"]

    kombo.send("POST", f"/ats/candidates/{person}/tags", {"tag": {"name": "Announced"}})
    sandbox.kombo.advance(21)  # nobody reads: the sandbox notices by itself
    messages = [received.get(timeout=5), received.get(timeout=5)]

    payloads = [json.loads(body) for _, body in messages]
    assert [payload["type"] for payload in payloads] == ["data-changed", "sync-finished"]
    assert payloads[0]["data"]["changed_models"] == [{"name": "ats_tags"}, {"name": "ats_join_candidates_tags"}]
    assert payloads[1]["data"]["sync_state"] == "SUCCEEDED"
    assert [headers["X-Kombo-Signature"] for headers, _ in messages] == [
        signature("s3cret", body) for _, body in messages
    ]
