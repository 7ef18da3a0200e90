import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Activity, Candidate
from tests import factories as make
from tests.api import fault, ids


def test_a_candidate_shows_everything_the_design_names(cast):
    application = cast.applicant("Ada Lovelace")
    ada = application.candidate
    source = make.make_source(cast.team)
    make.make_record(source, ada, "up-1", url="https://ats.example/1")
    make.tag_candidate(ada, make.make_tag(cast.team, "remote"))
    make.pool_candidate(ada, make.make_pool(cast.team))
    Candidate.objects.filter(pk=ada.pk).update(
        provenance={"headline": {"source": str(source.pk), "at": ""}, "emails": {"source": "", "hidden": True}}
    )

    shown = cast.ana.get(f"candidates/{ada.pk}/").json()

    assert shown["full_name"] == "Ada Lovelace"
    assert [tag["name"] for tag in shown["tags"]] == ["remote"]
    assert [pool["name"] for pool in shown["pools"]] == ["Silver medallists"]
    assert [(row["id"], row["stage"]["name"]) for row in shown["applications"]] == [(str(application.pk), "Applied")]
    assert {name: shown["sources"][0][name] for name in ("source", "provider", "external_id", "url", "state")} == {
        "source": str(source.pk),
        "provider": "kombo",
        "external_id": "up-1",
        "url": "https://ats.example/1",
        "state": "listed",
    }
    assert shown["provenance"] == {"headline": str(source.pk), "emails": None}
    assert shown["hidden_fields"] == ["emails"]


def test_a_stranger_and_a_reviewer_of_another_job_find_nobody(cast):
    ada = cast.applicant(job=cast.other_job).candidate

    assert cast.ana.get(f"candidates/{ada.pk}/").status_code == 200
    for outsider in (cast.rob, cast.zoe):
        assert fault(outsider.get(f"candidates/{ada.pk}/")) == (404, "not_found", None)
        assert ids(outsider.get("candidates/")) == []
        assert outsider.patch(f"candidates/{ada.pk}/", {"headline": "x"}).status_code == 404


def test_a_reviewer_may_read_but_not_write(cast):
    ada = cast.applicant().candidate

    assert cast.rob.get(f"candidates/{ada.pk}/").status_code == 200
    assert cast.rob.patch(f"candidates/{ada.pk}/", {"headline": "x"}).status_code == 403
    assert cast.rob.post("candidates/", {"full_name": "Eve"}).status_code == 403
    assert cast.rob.post(f"candidates/{ada.pk}/tags/", {"name": "x"}).status_code == 403


def test_a_candidate_is_made_and_edited_with_a_trace(cast):
    made = cast.ana.post("candidates/", {"first_name": "Élodie", "last_name": "Dupont", "emails": ["e@example.org"]})

    assert made.status_code == 201
    assert made.json()["full_name"] == "Élodie Dupont"
    assert made.json()["emails"] == [{"value": "e@example.org", "kind": ""}]
    edited = cast.ana.patch(f"candidates/{made.json()['id']}/", {"headline": "Engineer"})
    assert edited.json()["headline"] == "Engineer"
    assert ids(cast.ana.get("candidates/?search=elodie")) == [made.json()["id"]]
    assert [row["verb"] for row in cast.ana.get(f"candidates/{made.json()['id']}/activity/").json()["results"]] == [
        "edited",
        "created",
    ]


def test_an_edit_over_somebody_elses_answers_with_both_texts(cast):
    ada = cast.applicant().candidate
    cast.ana.patch(f"candidates/{ada.pk}/", {"headline": "theirs"})

    answer = cast.adam.patch(f"candidates/{ada.pk}/", {"headline": "mine", "base": {"headline": ""}})

    assert fault(answer) == (409, "edit_conflict", "headline")
    assert answer.json()["fields"] == {"headline": {"base": "", "yours": "mine", "theirs": "theirs"}}
    assert Candidate.objects.get(pk=ada.pk).headline == "theirs"


@pytest.mark.parametrize(
    "body, field",
    [
        ({"full_name": 5}, "full_name"),
        ({"full_name": "x" * 301}, "full_name"),
        ({"full_name": "a\x00b"}, "full_name"),
        ({"full_name": "\ud800"}, "full_name"),
        ({"full_name": "Ada", "emails": ["nonsense"]}, "emails"),
        ({"full_name": "Ada", "links": ["javascript:alert(1)"]}, "links"),
        ({"full_name": "Ada", "custom_fields": []}, "custom_fields"),
        ({"full_name": "Ada", "custom_fields": {"a": "\x00"}}, "custom_fields"),
        ({"full_name": "Ada", "confidential": "yes"}, "confidential"),
        ({}, "full_name"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_fields_name(cast, body, field):
    answer = cast.ana.post("candidates/", body)

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)
    assert Candidate.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '"x"', "null", "NaN", '{"full_name": 1e999}', '{"custom_fields": ' + "[" * 90_000],
)
def test_a_body_that_is_no_object_is_refused(cast, body):
    answer = cast.ana.client.post("/api/v1/candidates/", body, content_type="application/json")

    assert answer.status_code == 400


def test_endless_nesting_names_the_field(cast):
    deep: object = 1
    for _ in range(100):
        deep = [deep]

    answer = cast.ana.post("candidates/", {"full_name": "Ada", "custom_fields": {"a": deep}})

    assert fault(answer) == (400, "invalid", "custom_fields")


def test_filters_narrow(cast):
    ada = cast.applicant("Ada Lovelace", stage="Interview").candidate
    bob = cast.applicant("Bob Ross", job=cast.other_job).candidate
    tag, pool = make.make_tag(cast.team), make.make_pool(cast.team)
    make.tag_candidate(ada, tag)
    make.pool_candidate(bob, pool)
    source = make.make_source(cast.team)
    make.make_record(source, ada)
    make.shortlist(ada.applications.get(), cast.recruiter)
    Candidate.objects.filter(pk=bob.pk).update(confidential=True)
    stage = make.stage_of(cast.job, "Interview")

    def found(query):
        return ids(cast.ana.get(f"candidates/?{query}"))

    for query in (
        "search=lovelace",
        f"job={cast.job.pk}",
        f"stage={stage.pk}",
        f"tag={tag.pk}",
        f"source={source.pk}",
        "source=kombo",
        "shortlisted=true",
        "confidential=false",
    ):
        assert found(query) == [str(ada.pk)], query
    for query in (f"pool={pool.pk}", "shortlisted=false", "confidential=true", "search=BOB"):
        assert found(query) == [str(bob.pk)], query
    assert found("updated_after=2999-01-01T00:00:00Z") == []
    assert found("unknown=1") == [str(bob.pk), str(ada.pk)]


@pytest.mark.parametrize(
    "query, field",
    [
        ("job=nonsense", "job"),
        ("job=00000000-0000-7000-8000-000000000000", "job"),
        ("verdict=perhaps", "verdict"),
        ("shortlisted=2", "shortlisted"),
        ("updated_after=yesterday", "updated_after"),
        ("source=myspace", "source"),
        ("search=a%00b", "search"),
        ("ordering=rating", "ordering"),
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("cursor=abc", "cursor"),
    ],
)
def test_an_unknown_filter_value_is_refused_by_name(cast, query, field):
    answer = cast.ana.get(f"candidates/?{query}")

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)


def test_a_job_of_another_workspace_is_no_filter(cast):
    foreign = make.make_job(cast.stranger.workspace)

    assert fault(cast.ana.get(f"candidates/?job={foreign.pk}")) == (400, "does_not_exist", "job")
    assert fault(cast.rob.get(f"candidates/?job={cast.other_job.pk}")) == (400, "does_not_exist", "job")


@pytest.mark.parametrize("ordering", ["", "created_at", "-updated_at", "updated_at", "full_name", "-full_name"])
def test_every_ordering_pages_there_and_back_without_gap_or_repeat(cast, ordering):
    for number in range(7):
        make.make_candidate(cast.team, f"Person {number % 3}")
    query = f"candidates/?page_size=2&ordering={ordering}"
    everything = ids(cast.ana.get(f"candidates/?ordering={ordering}"))

    there, page = [], cast.ana.get(query).json()
    pages = [page]
    while True:
        there += [row["id"] for row in page["results"]]
        if not page["next"]:
            break
        page = cast.ana.get(page["next"]).json()
        pages.append(page)
    back = page
    while back["previous"]:
        back = cast.ana.get(back["previous"]).json()

    assert there == everything
    assert len(everything) == 7
    assert back["results"] == pages[0]["results"]


def test_a_cursor_is_bound_to_its_ordering(cast):
    for number in range(3):
        make.make_candidate(cast.team, f"Person {number}")
    following = cast.ana.get("candidates/?page_size=1&ordering=full_name").json()["next"]

    assert fault(cast.ana.get(following.replace("ordering=full_name", "ordering=updated_at"))) == (
        400,
        "invalid",
        "cursor",
    )


@pytest.mark.parametrize("path", ["candidates/", "applications/", "jobs/", "pushes/", "activity/", "tags/"])
def test_a_list_costs_the_same_queries_with_one_row_and_with_thirty(cast, path):
    source, tag = make.make_source(cast.team), make.make_tag(cast.team)

    def fill(number):
        for _ in range(number):
            application = cast.applicant(job=make.make_job(cast.team))
            make.tag_candidate(application.candidate, tag)
            make.make_push(make.make_record(source, application), cast.recruiter, "move")
            make.make_record(source, application.candidate)
            make.make_review(application, cast.admin)
            make.make_tag(cast.team, f"tag {application.pk}")

    cast.ana.get("me/")  # notes when the token was used, once a minute
    fill(1)
    with CaptureQueriesContext(connection) as one:
        assert len(ids(cast.ana.get(path))) >= (0 if path == "activity/" else 1)
    fill(29)
    with CaptureQueriesContext(connection) as thirty:
        cast.ana.get(path)

    assert len(thirty) == len(one) <= 12


def test_notes_stay_with_whom_they_are_for(cast):
    ada = cast.applicant().candidate
    private = cast.ana.post(f"candidates/{ada.pk}/notes/", {"text": "Hm.", "visibility": "private"})
    shared = cast.ana.post(f"candidates/{ada.pk}/notes/", {"text": "Great talk."})

    assert (private.status_code, shared.status_code) == (201, 201)
    assert shared.json()["pushes"] == []
    assert [row["text"] for row in cast.rob.get(f"candidates/{ada.pk}/notes/").json()["results"]] == ["Great talk."]
    assert len(ids(cast.ana.get(f"candidates/{ada.pk}/notes/"))) == 2
    assert len(ids(cast.rob.get(f"candidates/{ada.pk}/activity/"))) == 1


def test_a_note_pushed_answers_with_its_pushes_and_a_reviewer_may_not(cast):
    application = cast.applicant()
    source = make.make_source(cast.team)
    make.make_record(source, application)
    path = f"candidates/{application.candidate_id}/notes/"

    told = cast.ana.post(path, {"text": "Great talk.", "push": True})

    assert [(push["state"], push["source"]) for push in told.json()["pushes"]] == [("waiting", str(source.pk))]
    assert cast.rob.post(path, {"text": "x", "push": True}).status_code == 403
    assert cast.rob.post(path, {"text": "Nice."}).status_code == 201


def test_a_note_about_a_foreign_application_is_refused(cast):
    ada, foreign = cast.applicant().candidate, cast.applicant(job=cast.other_job)

    for who in (cast.ana, cast.rob):
        answer = who.post(f"candidates/{ada.pk}/notes/", {"text": "x", "application": str(foreign.pk)})
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "application")


def test_tags_come_and_go_and_each_answers_with_its_pushes(cast):
    ada = cast.applicant().candidate
    make.make_record(make.make_source(cast.team), ada)
    path = f"candidates/{ada.pk}/tags/"

    tagged = cast.ana.post(path, {"name": "Remote"})
    again = cast.ana.post(path, {"name": "remote"})

    assert (tagged.status_code, again.status_code) == (201, 200)
    assert (len(tagged.json()["pushes"]), again.json()["pushes"]) == (1, [])
    assert ids(cast.ana.get(path)) == [tagged.json()["id"]]
    gone = cast.ana.delete(f"{path}{tagged.json()['id']}/")
    assert (gone.status_code, len(gone.json()["pushes"])) == (200, 1)
    assert ids(cast.ana.get(path)) == []
    assert fault(cast.ana.delete(f"{path}{tagged.json()['id']}/")) == (409, "not_tagged", None)


def test_who_reviews_anonymously_learns_nothing_of_who_it_is(cast):
    application = cast.applicant("Ada Lovelace")
    ada = application.candidate
    Candidate.objects.filter(pk=ada.pk).update(
        emails=[{"value": "ada@example.org", "kind": ""}], headline="Countess Lovelace", first_name="Ada"
    )
    make.make_record(make.make_source(cast.team), ada, "lovelace-1")
    type(cast.job).objects.filter(pk=cast.job.pk).update(anonymised=True)

    for path in (
        "candidates/",
        f"candidates/{ada.pk}/",
        "applications/",
        f"applications/{application.pk}/",
        f"candidates/{ada.pk}/activity/",
    ):
        seen = cast.rob.get(path).content.decode().lower()
        assert [word for word in ("lovelace", "ada@") if word in seen] == [], path
    assert ids(cast.rob.get("candidates/?search=lovelace")) == []
    assert fault(cast.rob.get("candidates/?ordering=full_name")) == (400, "invalid", "ordering")
    assert cast.ana.get(f"candidates/{ada.pk}/").json()["full_name"] == "Ada Lovelace"


def test_activity_of_the_workspace_is_for_those_who_decide(cast):
    cast.ana.post("candidates/", {"full_name": "Ada"})

    assert len(ids(cast.ana.get("activity/"))) == Activity.objects.count() == 1
    assert cast.rob.get("activity/").status_code == 403
    assert ids(cast.zoe.get("activity/")) == []
