"""The reading half of the simulator checklist (kombo.md 16), over a real socket."""

import io
import re
import zipfile

import httpx
import pytest

from integrations.sandbox.people import person
from tests.integrations.sandbox.conftest import PLAIN

LISTS = (
    "candidates", "applications", "jobs", "application-stages", "tags", "rejection-reasons", "users", "roles",
    "offers", "interviews",
)  # fmt: skip
LATE = "2090-01-01T00:00:00.000Z"


@pytest.mark.parametrize("key", ["", "Bearer wrong", "sandbox-kombo-key"])
def test_a_call_without_the_right_bearer_key_is_401(reader, key):
    response = reader.http.get("/ats/tags", headers={"Authorization": key})

    assert reader.code(response) == (401, "PLATFORM.AUTHENTICATION_INVALID")


def test_a_call_names_a_known_integration(reader):
    missing = reader.http.get("/ats/tags", headers={"X-Integration-Id": ""})
    unknown = reader.http.get("/ats/tags", headers={"X-Integration-Id": "greenhouse:nobody"})

    assert reader.code(missing) == (400, "PLATFORM.INPUT_INVALID")
    assert reader.code(unknown) == (404, "PLATFORM.INTEGRATION_NOT_FOUND")


def test_general_calls_need_no_integration(reader):
    response = reader.http.get("/check-api-key", headers={"X-Integration-Id": ""})

    assert response.json() == {"status": "success", "data": {"environment_id": "MHbTv94pPzWjeuzaTuyZ9bAa"}}


@pytest.mark.parametrize("size", ["0", "251", "ten", "-1", "1.5", ""])
def test_page_size_outside_1_to_250_is_refused(reader, size):
    assert reader.code(reader.get("/ats/candidates", page_size=size)) == (400, "PLATFORM.INPUT_INVALID")


def test_a_page_has_100_rows_unless_asked_otherwise(reader):
    assert len(reader.get("/ats/candidates").json()["data"]["results"]) == 100
    assert len(reader.get("/ats/candidates", page_size="7").json()["data"]["results"]) == 7


def test_the_last_page_has_no_cursor_even_when_it_is_full(reader):
    tags = reader.get("/ats/tags").json()["data"]["results"]
    half = len(tags) // 5

    first = reader.get("/ats/tags", page_size=str(len(tags))).json()["data"]
    pages = []
    cursor = {}
    while cursor is not None:
        data = reader.get("/ats/tags", page_size=str(half), **cursor).json()["data"]
        pages.append(len(data["results"]))
        cursor = {"cursor": data["next"]} if data["next"] else None

    assert first["next"] is None
    assert pages == [half] * 5


def test_walking_page_by_page_meets_every_row_once(reader):
    whole = [row["id"] for row in reader.rows("/ats/candidates", include_deleted="true")]
    walked = [row["id"] for row in reader.rows("/ats/candidates", include_deleted="true", page_size="37")]

    assert walked == whole
    assert len(set(whole)) == 300


def test_a_made_up_cursor_is_refused(reader):
    for cursor in ("nonsense", "c2FuZGJveA==", "%%%"):
        assert reader.code(reader.get("/ats/candidates", cursor=cursor)) == (400, "PLATFORM.INPUT_INVALID")


@pytest.mark.parametrize("moment", ["2026-03-01T00:00:00+00:00", "yesterday", "2026-3-1", "1767225600"])
def test_updated_after_refuses_other_forms(reader, moment):
    assert reader.code(reader.get("/ats/tags", updated_after=moment)) == (400, "PLATFORM.INPUT_INVALID")


@pytest.mark.parametrize("moment", ["2020-03-01", "2020-03-01T00:00:00Z", "2020-03-01T00:00:00.5", "2020-03-01Z"])
def test_updated_after_takes_the_documented_forms(reader, moment):
    assert len(reader.rows("/ats/tags", updated_after=moment)) == 25


def last_change(row):
    return max([row["changed_at"], *(application["changed_at"] for application in row["applications"])])


def test_updated_after_is_strictly_later_and_counts_changed_applications(reader):
    rows = reader.rows("/ats/candidates")
    moment = sorted(last_change(row) for row in rows)[150]

    later = reader.rows("/ats/candidates", updated_after=moment)

    assert later == [row for row in rows if last_change(row) > moment]
    assert any(row["changed_at"] <= moment for row in later)


def test_nothing_changed_means_nothing_after_now(reader):
    assert [len(reader.rows(f"/ats/{name}", updated_after=LATE)) for name in LISTS] == [0] * len(LISTS)


def test_deleted_records_are_hidden_unless_asked_for(reader):
    alive = reader.rows("/ats/candidates")
    everybody = reader.rows("/ats/candidates", include_deleted="true")

    assert [row for row in alive if row["remote_deleted_at"]] == []
    assert len(everybody) > len(alive)


@pytest.mark.parametrize("word", ["True", "1", "yes", ""])
def test_include_deleted_is_true_or_false(reader, word):
    assert reader.code(reader.get("/ats/candidates", include_deleted=word)) == (400, "PLATFORM.INPUT_INVALID")


def test_an_unknown_id_makes_the_whole_call_404(reader):
    known = reader.get("/ats/candidates", page_size="1").json()["data"]["results"][0]["id"]
    unknown = "1" * 24

    assert reader.get("/ats/candidates", ids=known).json()["data"]["results"][0]["id"] == known
    assert reader.get("/ats/candidates", ids=f"{known},{unknown}").status_code == 404
    assert reader.code(reader.get("/ats/candidates", ids="short")) == (400, "PLATFORM.INPUT_INVALID")


def test_lists_have_no_warnings_and_actions_have(reader):
    person = reader.rows("/ats/candidates")[0]["id"]

    assert [sorted(reader.get(f"/ats/{name}").json()) for name in LISTS] == [["data", "status"]] * len(LISTS)
    assert sorted(reader.get(f"/ats/candidates/{person}/attachments").json()) == ["data", "status", "warnings"]


def test_candidates_can_be_filtered(reader):
    rows = reader.rows("/ats/candidates")
    person = next(row for row in rows if row["first_name"] == "Zoë 🌻")
    job = reader.rows("/ats/jobs")[0]["id"]
    address = person["email_addresses"][0]["email_address"]

    def found(**params):
        return [row["id"] for row in reader.rows("/ats/candidates", **params)]

    assert found(email=address.upper()) == [person["id"]]
    assert found(email=address[:-1]) == []
    assert found(remote_ids=person["remote_id"]) == [person["id"]]
    assert found(first_name="zoë 🌻", last_name="LINDQVIST") == [person["id"]]
    assert found(job_ids=job) == [
        row["id"] for row in rows if job in [each["job"]["id"] for each in row["applications"] if each["job"]]
    ]


def test_applications_can_be_filtered(reader):
    rows = reader.rows("/ats/applications")
    one = next(row for row in rows if row["current_stage_id"] and row["outcome"] == "PENDING")

    found = reader.rows(
        "/ats/applications", outcomes="PENDING,HIRED", job_ids=one["job_id"], current_stage_ids=one["current_stage_id"]
    )

    assert [row["id"] for row in found] == [
        row["id"]
        for row in rows
        if row["outcome"] in ("PENDING", "HIRED") and row["current_stage_id"] == one["current_stage_id"]
    ]
    late = reader.rows("/ats/applications", remote_created_after=LATE)
    assert late == []


def test_jobs_users_and_roles_can_be_filtered(reader):
    assert [job["job_code"] for job in reader.rows("/ats/jobs", job_codes="RA-26")] == ["RA-26"]
    assert {job["status"] for job in reader.rows("/ats/jobs", statuses="CLOSED,DRAFT")} == {"CLOSED", "DRAFT"}
    assert [job["name"] for job in reader.rows("/ats/jobs", name_contains="night")] == ["Staff Nurse, Night Shift"]
    assert [user["email"] for user in reader.rows("/ats/users", emails="RECRUITER@demo.test")] == [
        "recruiter@demo.test"
    ]
    assert {role["scope"] for role in reader.rows("/ats/roles", scopes="SYSTEM")} == {"SYSTEM"}


def test_the_demo_members_stand_in_hiring_teams(reader):
    emails = {member["email"] for job in reader.rows("/ats/jobs") for member in job["hiring_team"]}

    assert {"recruiter@demo.test", "reviewer@demo.test", "reviewer2@demo.test"} <= emails


def test_one_id_names_a_candidate_an_application_and_a_tag(reader):
    ids = [{row["id"] for row in reader.rows(f"/ats/{name}")} for name in ("candidates", "applications", "tags")]

    assert len(ids[0] & ids[1] & ids[2]) > 5
    assert [identifier for identifier in ids[0] if not re.fullmatch(r"[1-9A-HJ-NP-Za-km-z]{24}", identifier)] == []


def test_the_population_holds_the_awkward_cases(reader):
    people = reader.rows("/ats/candidates", include_deleted="true")
    applications = reader.rows("/ats/applications", include_deleted="true")
    jobs = reader.rows("/ats/jobs", include_deleted="true")
    names = [(row["first_name"], row["last_name"]) for row in people]
    cases = {
        "no first name": any(first is None for first, _ in names),
        "no last name": any(last is None for _, last in names),
        "same name twice": len(names) > len(set(names)),
        "no e-mail": any(row["email_addresses"] == [] for row in people),
        "several e-mails": any(len(row["email_addresses"]) > 2 for row in people),
        "no application": any(row["applications"] == [] for row in people),
        "several applications": any(len(row["applications"]) > 2 for row in people),
        "no outcome": any(row["outcome"] is None for row in applications),
        "no stage": any(row["current_stage"] is None for row in applications),
        "no job": any(row["job"] is None for row in applications),
        "confidential": any(row["confidential"] for row in people),
        "unknown enum": any(job["status"] == "Evergreen requisition" for job in jobs),
        "html": any("<script>" in (job["description"] or "") for job in jobs),
        "no stages": any(job["stages"] == [] for job in jobs),
        "inactive stage": any(stage["status"] == "INACTIVE" for job in jobs for stage in job["stages"]),
        "stage without index": any(stage["index"] is None for job in jobs for stage in job["stages"]),
        "deleted": any(row["remote_deleted_at"] for row in people),
        "markup in a name": any("<b>" in (first or "") for first, _ in names),
    }
    assert [case for case, met in cases.items() if not met] == []
    types = {answer["question"]["type"] for row in applications for answer in row["screening_question_answers"] or []}
    assert types == {"TEXT", "BOOLEAN", "NUMBER", "SINGLE_SELECT", "MULTI_SELECT", "DATE", "UNKNOWN"}


def test_nobody_applies_twice_for_one_job(reader):
    people = reader.rows("/ats/candidates", include_deleted="true")
    jobs = [[each["job"]["id"] for each in row["applications"] if each["job"]] for row in people]

    assert [held for held in jobs if len(held) != len(set(held))] == []


def test_the_same_seed_gives_the_same_people_and_another_seed_others(reader):
    again = [person(1, number) for number in range(300)]
    rows = reader.rows("/ats/candidates", include_deleted="true")

    assert [row["first_name"] for row in rows] == [someone.first_name for someone in again]
    assert [person(2, number).name for number in range(300)] != [someone.name for someone in again]


def test_attachments_are_real_files_behind_links_that_need_no_key(reader):
    seen = set()
    stranger = httpx.Client(verify=PLAIN)
    for someone in reader.rows("/ats/candidates")[:30]:
        for file in reader.get(f"/ats/candidates/{someone['id']}/attachments").json()["data"]["results"]:
            answer = stranger.get(file["data_url"])
            assert answer.headers["content-type"] == file["content_type"]
            seen.add(file["content_type"].rpartition("/")[2][:12])
            if file["content_type"] == "application/pdf":
                assert answer.content[:5] == b"%PDF-"
                assert answer.content.rstrip()[-5:] == b"%%EOF"
            else:
                text = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
                assert "<w:body>" in text
    stranger.close()
    assert seen == {"pdf", "vnd.openxmlf"}


def test_an_application_lists_its_own_files_and_its_persons(reader):
    application = reader.rows("/ats/applications")[0]

    rows = reader.get(f"/ats/applications/{application['id']}/attachments").json()["data"]["results"]

    assert {"CV"} <= {row["type"] for row in rows}
    assert "candidate_id" not in rows[0]


def test_models_that_this_ats_lacks_say_so(reader):
    for name in ("notes", "scorecards", "attachments"):
        assert reader.code(reader.get(f"/ats/{name}")) == (404, "INTEGRATION.MODEL_NOT_AVAILABLE")


def test_v1_stands_before_the_same_paths(reader):
    assert reader.get("/v1/ats/tags").json() == reader.get("/ats/tags").json()


def test_the_integration_says_what_can_be_written(kombo, sandbox):
    path = "/integrations/greenhouse:MASi45ub7Qe4ZE36UT5G6cU4"
    sandbox.kombo.switch("ats_add_candidate_tag", "DISABLED")

    data = kombo.get(path).json()["data"]

    offered = {action["id"]: action["is_available"] for action in data["write_actions"]}
    assert [name for name, available in offered.items() if not available] == ["ats_add_candidate_tag"]
    assert [model["id"] for model in data["read_models"] if not model["is_available"]] == [
        "ats_notes",
        "ats_scorecards",
        "ats_attachments",
    ]
