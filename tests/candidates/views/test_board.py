"""The board: right counts, capped columns, blindness, and who may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.enums import Outcome, PushState, StageCategory
from candidates.models import Application
from recruitment.models import Role
from tests.candidates.views.screens import MOST, fill, queries_of, signed_in
from tests.factories import (
    join_job,
    make_application,
    make_candidate,
    make_job,
    make_member,
    make_push,
    make_record,
    make_review,
    make_source,
    make_stage,
    make_tag,
    shortlist,
    stage_of,
    tag_candidate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter():
    return make_member(full_name="Ana Koc")


@pytest.fixture
def reviewer(recruiter):
    return make_member(recruiter.workspace, Role.REVIEWER)


@pytest.fixture
def job(recruiter):
    return make_job(recruiter.workspace, "Data engineer")


def apply(job, name="", stage="", **fields) -> Application:
    return make_application(make_candidate(job.workspace, name), job, stage=stage, **fields)


def board_of(member, job, query: str = ""):
    return signed_in(member).get(reverse("candidates:board", args=[job.pk]) + query)


def shown(answer) -> dict[str, tuple[int, list[str]]]:
    """{stage: (count, names on the cards)}; columns without anybody are left out."""
    return {
        column.stage.name if column.stage else "": (column.count, [str(card.candidate) for card in column.cards])
        for column in answer.context["columns"]
        if column.count
    }


def test_cards_stand_in_their_stage_longest_first(recruiter, job):
    now = timezone.now()
    apply(job, "Deniz", "Interview", stage_entered_at=now)
    apply(job, "Mina", "Interview", stage_entered_at=now - timedelta(days=9))
    apply(job, "Asha")

    assert shown(board_of(recruiter, job)) == {"Applied": (1, ["Asha"]), "Interview": (2, ["Mina", "Deniz"])}


def test_who_was_hired_stands_in_the_hired_column_and_who_was_rejected_is_counted(recruiter, job):
    apply(job, "Mina", "Hired", outcome=Outcome.HIRED)
    apply(job, "Deniz", "Interview", outcome=Outcome.REJECTED)
    apply(job, "Asha", "Interview", outcome=Outcome.HIRED)

    answer = board_of(recruiter, job)

    assert shown(answer) == {"Hired": (1, ["Mina"])}
    assert {part["label"]: part["count"] for part in answer.context["ended"]} == {"Hired": 1, "Rejected": 1}
    assert answer.context["ended"][0]["url"].endswith(f"?job={job.pk}&outcome=hired")


def test_a_stage_out_of_use_is_shown_while_somebody_stands_in_it_and_is_no_target(recruiter, job):
    apply(job, "Mina", "Offer")
    job.stages.filter(name__in=["Offer", "Hired"]).update(is_active=False)

    columns = {column.stage.name: column for column in board_of(recruiter, job).context["columns"]}

    assert list(columns) == ["Applied", "Phone screen", "Interview", "Offer"]
    assert not columns["Offer"].is_target


def test_substages_follow_their_stage(recruiter, job):
    make_stage(job, "On site", parent=stage_of(job, "Phone screen"), position=9, category=StageCategory.INTERVIEW)

    names = [column.stage.name for column in board_of(recruiter, job).context["columns"]]

    assert names == ["Applied", "Phone screen", "On site", "Interview", "Offer", "Hired"]


def test_a_job_without_stages_says_so(recruiter):
    answer = board_of(recruiter, make_job(recruiter.workspace, pipeline=()))

    assert "This job has no stages" in answer.content.decode()


def test_columns_are_capped_and_go_on_where_they_stopped(recruiter, job):
    moment = timezone.now()  # the same for many, as after an import
    for number in range(60):
        apply(job, f"Person {number:02}", stage_entered_at=moment)
    answer = board_of(recruiter, job)
    column = answer.context["columns"][0]

    names = [str(card.candidate) for card in column.cards]
    client, url = signed_in(recruiter), column.more_url
    while url:
        column = client.get(url).context["column"]
        names += [str(card.candidate) for card in column.cards]
        url = column.more_url

    assert names == [f"Person {number:02}" for number in range(60)]
    assert answer.context["columns"][0].count == 60


def test_a_mark_that_is_not_ours_is_no_page(recruiter, job):
    assert signed_in(recruiter).get(reverse("candidates:board_more", args=[job.pk]) + "?after=x").status_code == 404


def test_the_board_takes_as_many_queries_for_1000_people_as_for_one(recruiter, job):
    join_job(job, recruiter)
    url, client = reverse("candidates:board", args=[job.pk]), signed_in(recruiter)
    fill(job, 1, reviewer=recruiter)
    few = queries_of(client, url)
    person = make_candidate(job.workspace)
    stages = list(job.stages.all())
    Application.objects.bulk_create(
        Application(workspace=job.workspace, candidate=person, job=job, stage=stages[number % 5])
        for number in range(999)
    )

    assert queries_of(client, url) == few <= MOST


def test_filters_narrow_the_cards_and_their_counts(recruiter, job):
    mina, deniz = apply(job, "Mina Petrov"), apply(job, "Deniz Ar")
    tag = make_tag(job.workspace)
    tag_candidate(mina.candidate, tag)
    make_review(deniz, recruiter, "yes")
    shortlist(mina, recruiter)

    for query, name in [
        ("?q=petr", "Mina Petrov"),
        (f"?tag={tag.pk}", "Mina Petrov"),
        ("?verdict=yes", "Deniz Ar"),
        ("?mine=answered", "Deniz Ar"),
        ("?mine=waiting", "Mina Petrov"),
        ("?mine=shortlisted", "Mina Petrov"),
    ]:
        assert shown(board_of(recruiter, job, query)) == {"Applied": (1, [name])}, query


def test_a_verdict_that_is_still_hidden_filters_nothing(recruiter, reviewer, job):
    application = apply(job, "Mina")
    make_review(application, reviewer, "no")

    assert shown(board_of(recruiter, job, "?verdict=no")) == {}
    make_review(application, recruiter, "yes")
    assert shown(board_of(recruiter, job, "?verdict=no")) == {"Applied": (1, ["Mina"])}


def test_a_card_says_whose_turn_it_is(recruiter, reviewer, job):
    join_job(job, recruiter)
    join_job(job, reviewer)
    make_review(apply(job, "Mina"), recruiter, "yes")

    (mine,) = board_of(recruiter, job).context["columns"][0].cards
    (theirs,) = board_of(reviewer, job).context["columns"][0].cards

    assert (mine.my_verdict, mine.waits_for_me, mine.review_count) == ("yes", False, 1)
    assert (theirs.my_verdict, theirs.waits_for_me, theirs.review_count) == (None, True, 1)


@pytest.mark.parametrize("state, is_shown", [(PushState.REFUSED, True), (PushState.CONFIRMED, False)])
def test_only_a_push_that_is_not_through_is_shown(recruiter, job, state, is_shown):
    application = apply(job)
    make_push(make_record(make_source(job.workspace, "Greenhouse"), application), recruiter, "move", state=state)

    (card,) = board_of(recruiter, job).context["columns"][0].cards

    assert card.push_shown is is_shown


def test_reviewers_read_the_boards_of_their_jobs_without_moving_anybody(reviewer, job):
    assert board_of(reviewer, job).status_code == 404
    join_job(job, reviewer)
    apply(job, "Mina")

    page = board_of(reviewer, job).content.decode()

    assert "Mina" in page
    assert "data-move" not in page
    assert "move-menu" not in page


def test_an_anonymous_person_is_nowhere_on_the_reviewers_board(recruiter, reviewer, job):
    job.anonymised = True
    job.save()
    join_job(job, reviewer)
    apply(job, "Mina Petrov")

    assert "Mina" not in board_of(reviewer, job).content.decode()
    assert shown(board_of(reviewer, job, "?q=mina")) == {}
    assert "Mina Petrov" in board_of(recruiter, job).content.decode()


def test_a_closed_job_says_so(recruiter, job):
    job.status = "closed"
    job.save()

    assert "This job is closed." in board_of(recruiter, job).content.decode()


def test_a_filter_by_htmx_gets_the_board_alone(recruiter, job):
    url = reverse("candidates:board", args=[job.pk])
    answer = signed_in(recruiter).get(url, headers={"HX-Request": "true"})

    assert answer.content.decode().lstrip().startswith('<div id="board"')
