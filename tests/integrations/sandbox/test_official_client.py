"""Kombo's own Python client, unchanged, against the sandbox."""

import pytest
from kombo import Kombo
from kombo.errors import KomboAtsError

from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID

LISTS = (
    "get_candidates", "get_applications", "get_jobs", "get_application_stages", "get_tags", "get_rejection_reasons",
    "get_users", "get_roles", "get_offers", "get_interviews",
)  # fmt: skip


@pytest.fixture
def client(sandbox):
    with Kombo(api_key=API_KEY, integration_id=INTEGRATION_ID, server_url=f"{sandbox.url}/kombo") as client:
        yield client


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", LISTS)
def test_it_understands_every_row_of_every_list(reader, library, name):
    path = "/ats/" + name.removeprefix("get_").replace("_", "-")
    rows = []
    with Kombo(api_key=API_KEY, integration_id=INTEGRATION_ID, server_url=f"{library.url}/kombo") as client:
        response = getattr(client.ats, name)(page_size=250, include_deleted=True)
        while response is not None:
            rows += response.result.data.results
            response = response.next()

    assert [row.id for row in rows] == [row["id"] for row in reader.rows(path, include_deleted="true")]


def test_it_moves_rejects_tags_untags_and_notes(client, kombo, sandbox):
    application = kombo.pending()
    identifier, person = application["id"], application["candidate_id"]
    stage = kombo.stages(application["job_id"])[1]["id"]
    reason = kombo.rows("/ats/rejection-reasons")[0]["id"]

    client.ats.move_application_to_stage(application_id=identifier, stage_id=stage)
    client.ats.add_application_note(application_id=identifier, content="A note", content_type="PLAIN_TEXT")
    client.ats.add_candidate_tag(candidate_id=person, tag={"name": "By the client"})
    tagged = sandbox.kombo.tags(person)
    client.ats.remove_candidate_tag(candidate_id=person, tag={"name": "By the client"})
    client.ats.reject_application(application_id=identifier, rejection_reason_id=reason, note="Sorry")

    assert sandbox.kombo.application(identifier)["current_stage_id"] == stage
    assert sandbox.kombo.application(identifier)["outcome"] == "DECLINED"
    assert sandbox.kombo.notes(person) == ["A note", "Sorry"]
    assert "By the client" in tagged
    assert "By the client" not in sandbox.kombo.tags(person)


def test_it_reads_attachments_and_the_integration_and_asks_for_a_sync(client, kombo):
    person = kombo.rows("/ats/candidates")[0]["id"]

    files = client.ats.get_candidate_attachments(candidate_id=person).data.results
    integration = client.general.get_integration_details(integration_id=INTEGRATION_ID).data
    sync = client.general.trigger_sync(type_="DELTA").data

    assert [file.type for file in files] == ["CV"]
    assert integration.status == "ACTIVE"
    assert sync.type == "DELTA"


def test_it_raises_its_own_error_for_an_envelope(client, sandbox):
    sandbox.kombo.faults.set("error", "/ats/tags", code="REMOTE.SERVICE_UNAVAILABLE")

    with pytest.raises(KomboAtsError, match="switched on"):
        client.ats.get_tags()
