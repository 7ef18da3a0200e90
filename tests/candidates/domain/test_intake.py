"""Pages of profiles into rows: counts, statements, set-aside rows, jobs and pipelines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.domain.erasure import erase_candidate
from candidates.domain.intake import (
    Counts,
    intake_candidates,
    intake_jobs,
    intake_pools,
    intake_reasons,
    intake_tags,
)
from candidates.domain.intake.categories import guess_category
from candidates.domain.profiles import Malformed, PoolProfile, ReasonProfile, StageProfile, TagProfile
from candidates.models import (
    Activity,
    Application,
    Candidate,
    CandidateIdentity,
    Job,
    JobMember,
    PoolMember,
    RejectionReason,
    SourceRecord,
    Stage,
    Tag,
)
from tests import factories as make
from tests.candidates.domain.profiles import LAST_YEAR, a_job, a_person, an_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return make.make_source(make.make_workspace())


def take(source, *people) -> Counts:
    return intake_candidates(source, list(people), now=timezone.now())


def crowd(size: int, start: int = 0, **said):
    return [
        a_person(
            f"c{start + number}",
            fields={"emails": [{"value": f"p{start + number}@example.org", "kind": ""}]},
            tags=("SQL", "Remote") if number % 2 else ("SQL",),
            applications=[
                an_application(f"a{start + number}-{slot}", stage=number % 4) for slot in range(1 + number % 2)
            ],
            **said,
        )
        for number in range(size)
    ]


def test_a_new_person_comes_with_everything_the_source_sent(source):
    intake_jobs(source, [a_job()], now=timezone.now())
    person = a_person(
        fields={"emails": [{"value": "Ada@Example.org", "kind": "work"}], "current_company": "Ölwerk"},
        tags=("SQL",),
        applications=[an_application(stage=2, fields={"applied_at": LAST_YEAR})],
        url="https://ats.example.com/1",
        remote_id="17",
    )

    counts = take(source, person)

    candidate = Candidate.objects.get()
    application = candidate.applications.get()
    record = candidate.records.get(kind="candidate")
    assert counts == Counts(created=1)
    assert candidate.search_text == "ada lovelace ada@example.org olwerk"
    assert set(candidate.provenance) == {"first_name", "last_name", "full_name", "emails", "current_company"}
    assert candidate.provenance["emails"]["source"] == str(source.pk)
    assert (application.job.title, application.stage.name, application.applied_at) == (
        "Data engineer",
        "Interview",
        LAST_YEAR,
    )
    assert application.stage_entered_at == LAST_YEAR
    assert [tag.tag.name for tag in candidate.candidate_tags.all()] == ["SQL"]
    assert (record.external_id, record.remote_id, record.url) == ("c1", "17", "https://ats.example.com/1")
    assert list(CandidateIdentity.objects.values_list("kind", "value")) == [("email", "ada@example.org")]
    history = Activity.objects.get(candidate=candidate)
    assert (history.verb, history.actor, history.actor_label) == ("imported", None, "Import from Acme ATS")


def test_the_same_again_writes_nothing_but_that_it_was_seen(source):
    intake_jobs(source, [a_job()], now=timezone.now())
    take(source, *crowd(12))
    before = list(Candidate.objects.order_by("pk").values()), list(Application.objects.order_by("pk").values())
    later = timezone.now() + timedelta(hours=1)

    with CaptureQueriesContext(connection) as queries:
        counts = intake_candidates(source, crowd(12), now=later)

    writes = [query["sql"] for query in queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE", "COPY")]
    assert counts == Counts(unchanged=12)
    assert len(writes) == 1
    assert writes[0].startswith('UPDATE "candidates_sourcerecord" SET "last_seen_at"')
    assert (
        list(Candidate.objects.order_by("pk").values()),
        list(Application.objects.order_by("pk").values()),
    ) == before
    assert set(SourceRecord.objects.filter(kind="candidate").values_list("last_seen_at", flat=True)) == {later}


def statements(source, people) -> int:
    with CaptureQueriesContext(connection) as queries:
        intake_candidates(source, people, now=timezone.now())
    # SQLite takes few values a statement, so that Django cuts an INSERT into several.
    counted = [query for query in queries if connection.vendor == "postgresql" or "INSERT" not in query["sql"]]
    return len(counted)


def edited(people):
    for person in people:
        person.fields["current_title"] = "Chief"
        person.fields["emails"] = [{"value": f"new-{person.external_id}@example.org", "kind": ""}]
        person.tags = person.tags[:0]
        person.applications[0].stage_external_id = "j1-s3"
        person.applications[0].outcome = "rejected"
    return people


def test_a_page_costs_the_same_number_of_statements_whatever_its_length(source):
    intake_jobs(source, [a_job()], now=timezone.now())
    take(source, *crowd(2, start=10_000))  # tags are there

    assert statements(source, crowd(10)) == statements(source, crowd(200, start=1_000))
    assert statements(source, crowd(10)) == statements(source, crowd(200, start=1_000))
    assert statements(source, edited(crowd(10))) == statements(source, edited(crowd(200, start=1_000)))


def test_of_a_repeated_row_the_last_one_counts(source):
    counts = take(source, a_person(), a_person(fields={"current_title": "Countess"}))

    assert counts == Counts(created=1, skipped=1)
    assert Candidate.objects.get().current_title == "Countess"


def test_the_same_id_may_name_a_person_an_application_a_job_and_a_tag(source):
    intake_jobs(source, [a_job("x")], now=timezone.now())
    intake_tags(source, [TagProfile("x", "SQL")], now=timezone.now())
    person = a_person("x", applications=[an_application("x", job="x")])
    person.tags = [TagProfile("x", "SQL")]

    take(source, person)

    kinds = sorted(SourceRecord.objects.filter(external_id="x").values_list("kind", flat=True))
    assert kinds == ["application", "candidate", "job", "tag"]
    assert Candidate.objects.get().candidate_tags.get().tag.name == "SQL"


def test_malformed_and_overlong_rows_are_set_aside_with_their_payload_and_the_rest_goes_on(source):
    broken = Malformed("m1", "The row has no usable id.", {"id": None})
    long = a_person("c2", fields={"headline": "x" * 501})
    wrong = a_person("c3", fields={"emails": "ada@example.org"})

    counts = take(source, broken, long, wrong, a_person("c4"))

    assert (counts.created, counts.set_aside) == (1, 3)
    assert [(problem.external_id, problem.reason) for problem in counts.problems] == [
        ("m1", "The row has no usable id."),
        ("c2", "Headline: it has 501 characters; 500 fit."),
        ("c3", "Emails: it should be a list."),
    ]
    assert counts.problems[1].payload["fields"]["headline"] == "x" * 501


def test_a_row_that_only_the_database_refuses_is_found_and_set_aside_alone(source):
    """A position that no integer column holds passes the checks of applications, which know their own fields only."""
    intake_jobs(source, [a_job()], now=timezone.now())
    huge = a_person("c99", applications=[an_application("a99", job="j1", stage=None)])
    huge.applications[0].stage_external_id = "unheard of"
    huge.applications[0].stage_position = 2**70

    counts = take(source, *crowd(9), huge)

    assert (counts.created, counts.set_aside) == (9, 1)
    assert counts.problems[0].external_id == "c99"
    assert Candidate.objects.count() == 9


def test_characters_that_no_database_holds_are_replaced(source):
    take(
        source,
        a_person(fields={"current_company": "A\x00B", "current_title": "\ud83d"}, custom_fields={"\x00": "\ud800"}),
    )

    candidate = Candidate.objects.get()
    assert (candidate.current_company, candidate.current_title) == ("A\ufffdB", "\ufffd")
    assert candidate.custom_fields == {"\ufffd": "\ufffd"}


def test_an_application_makes_the_job_and_stage_that_no_list_has_shown(source):
    said = {"job_title": "Nurse", "stage_name": "Interview", "stage_position": 2}
    take(source, a_person(applications=[an_application(job="j9", stage=2, **said)]))

    application = Application.objects.get()
    assert (application.job.title, application.stage.name, application.stage.position) == ("Nurse", "Interview", 2)

    intake_jobs(source, [a_job("j9", title="Staff nurse")], now=timezone.now())
    application.refresh_from_db()
    assert (application.job.title, Job.objects.count(), Stage.objects.count()) == ("Staff nurse", 1, 4)


def test_applications_without_a_job_or_a_stage_are_kept(source):
    applications = [an_application("a1", job=None), an_application("a2", job="j1", stage=None, outcome=None)]
    take(source, a_person(applications=applications))

    assert list(Application.objects.order_by("pk").values_list("job__title", "stage", "outcome")) == [
        (None, None, "active"),
        ("Untitled job", None, "active"),
    ]


def test_a_rejection_comes_with_the_workspace_reason_of_that_name(source):
    intake_reasons(source, [ReasonProfile("r1", "Missing skills")], now=timezone.now())
    said = {"outcome": "rejected", "rejection_reason_name": "missing SKILLS", "rejected_at": LAST_YEAR}
    take(source, a_person(applications=[an_application(**said)]))

    application = Application.objects.get()
    assert (application.outcome, application.rejected_at) == ("rejected", LAST_YEAR)
    assert application.rejection_reason == RejectionReason.objects.get(name="Missing skills")


def test_placeholder_addresses_are_nobodys_identity(source):
    shared = [{"value": address, "kind": ""} for address in ("noreply@ats.example", "no-reply@x.org", "unknown@x.org")]
    take(source, a_person(fields={"emails": shared}))

    assert CandidateIdentity.objects.count() == 0


def test_whoever_was_erased_comes_back_neither_as_the_row_nor_under_the_address(source):
    fields = {"emails": [{"value": "ada@example.org", "kind": ""}]}
    take(source, a_person(fields=fields))
    admin = make.make_member(source.workspace, "admin")
    erase_candidate(Candidate.objects.get(), member=admin, confirm="Ada Lovelace")

    counts = take(source, a_person(fields=fields), a_person("c2", fields=fields), a_person("c3"))

    assert counts == Counts(created=1, skipped=2, erased=2)
    assert Candidate.objects.filter(erased_at=None).count() == 1


# Jobs


def test_a_pipeline_keeps_its_order_and_stages_get_a_meaning(source):
    intake_jobs(source, [a_job(stages=("Applied", "Phone screen", "Interview", "Offer", "Hired"))], now=timezone.now())

    assert list(Stage.objects.order_by("position").values_list("name", "category")) == [
        ("Applied", "new"),
        ("Phone screen", "screening"),
        ("Interview", "interview"),
        ("Offer", "offer"),
        ("Hired", "hired"),
    ]


def test_a_renamed_stage_is_renamed_and_one_that_is_gone_is_no_target_any_more(source):
    intake_jobs(source, [a_job()], now=timezone.now())
    ours = Stage.objects.get(name="Phone screen")
    Stage.objects.filter(pk=ours.pk).update(category="interview", category_is_ours=True)

    counts = intake_jobs(source, [a_job(stages=("Applied", "Telephone", "Interview"))], now=timezone.now())

    assert counts == Counts(updated=1)
    assert list(Stage.objects.order_by("position").values_list("name", "category", "is_active")) == [
        ("Applied", "new", True),
        ("Telephone", "interview", True),
        ("Interview", "interview", True),
        ("Offer", "offer", False),
    ]
    assert SourceRecord.objects.get(external_id="j1-s3").state == "not_listed"


def test_what_a_person_changed_on_a_job_stays(source):
    intake_jobs(source, [a_job(department="Data")], now=timezone.now())
    Job.objects.update(title="Our title")

    intake_jobs(source, [a_job(title="Their new title", department="Platform")], now=timezone.now())

    assert Job.objects.values_list("title", "department").get() == ("Our title", "Platform")


def test_a_description_is_sanitised(source):
    html = '<p onclick="x()">Hello</p><script>alert(1)</script>'
    intake_jobs(source, [a_job(description_html=html)], now=timezone.now())

    assert Job.objects.get().description_html == "<p>Hello</p>"


def test_members_of_the_hiring_team_get_the_job_and_lose_it_again(source):
    first, second, hand = [make.make_member(source.workspace, "reviewer", email=f"{name}@x.org") for name in "abc"]
    stranger = make.make_member(email="d@x.org")
    job = a_job()
    job.hiring_team = [
        {"name": "", "email": address, "roles": ["Interviewer"]} for address in ("A@X.org", "b@x.org", "d@x.org")
    ]
    intake_jobs(source, [job], now=timezone.now())
    make.join_job(Job.objects.get(), hand)
    assert set(JobMember.objects.values_list("member", "from_source")) == {
        (first.pk, True),
        (second.pk, True),
        (hand.pk, False),
    }

    job.hiring_team = job.hiring_team[:1]
    intake_jobs(source, [job], now=timezone.now())

    assert set(JobMember.objects.values_list("member", flat=True)) == {first.pk, hand.pk}
    assert not JobMember.objects.filter(member=stranger).exists()


def test_substages_name_the_stage_they_are_in(source):
    job = a_job(stages=("Interview",))
    job.stages.insert(0, StageProfile("sub", "First round", 1, parent_external_id="j1-s0"))
    intake_jobs(source, [job], now=timezone.now())

    assert Stage.objects.get(name="First round").parent == Stage.objects.get(name="Interview")


@pytest.mark.parametrize(
    "name, position, category",
    [
        ("Telefoninterview", 1, "screening"),
        ("Gespräch vor Ort", 2, "interview"),
        ("Oferta", 3, "offer"),
        ("Eingestellt", 4, "hired"),
        ("Rejected after offer", 5, "rejected"),
        ("Eingang", 0, "new"),
        ("???", 0, "new"),
        ("???", 3, "screening"),
    ],
)
def test_a_stage_means_what_its_name_says(name, position, category):
    assert guess_category(name, position) == category


# Tags, pools, reasons


def test_two_spellings_are_one_tag(source):
    counts = intake_tags(source, [TagProfile("t1", "C++"), TagProfile("t2", "c++")], now=timezone.now())

    assert counts == Counts(created=2)
    assert Tag.objects.count() == 1
    assert SourceRecord.objects.filter(kind="tag", tag=Tag.objects.get()).count() == 2


def test_a_tag_renamed_upstream_is_renamed_and_one_renamed_here_is_left_alone(source):
    intake_tags(source, [TagProfile("t1", "SQL"), TagProfile("t2", "Remote")], now=timezone.now())
    Tag.objects.filter(key="remote").update(name="Home office", key="home office")

    intake_tags(source, [TagProfile("t1", "Databases"), TagProfile("t2", "Far away")], now=timezone.now())

    assert set(Tag.objects.values_list("name", "key")) == {("Databases", "databases"), ("Home office", "home office")}


def test_people_join_and_leave_pools_of_the_source(source):
    intake_pools(source, [PoolProfile("p1", "Alumni"), PoolProfile("p2", "Silver")], now=timezone.now())
    take(source, a_person(pools=["p1", "p2"]))
    take(source, a_person(pools=["p2"]))

    assert [member.pool.name for member in PoolMember.objects.select_related("pool")] == ["Silver"]


def test_a_reason_that_is_there_by_name_is_tied_and_not_made_twice(source):
    mine = make.make_reason(source.workspace, "Missing skills")
    intake_reasons(source, [ReasonProfile("r1", "Missing Skills"), ReasonProfile("r2", "Salary")], now=timezone.now())

    assert RejectionReason.objects.count() == 2
    assert SourceRecord.objects.get(kind="rejection_reason", external_id="r1").reason == mine
