"""Two people become one, and two again: nothing is lost, nothing is left over (dangers C65, F77)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from candidates.domain.belongings import LABELS, OWNED
from candidates.domain.duplicates import pair
from candidates.domain.erasure import erase_candidate
from candidates.domain.intake import intake_candidates, intake_jobs
from candidates.domain.merges import merge_candidates
from candidates.domain.notes import add_note
from candidates.domain.people import edit_candidate
from candidates.domain.splitting import split_off
from candidates.domain.tags import add_tag
from candidates.domain.unmerging import undo_merge
from candidates.enums import DuplicateState
from candidates.models import (
    Activity,
    Candidate,
    CandidateIdentity,
    CandidateMerge,
    CandidateTag,
    Duplicate,
    FieldConflict,
    Review,
    SourceRecord,
)
from recruitment.errors import Conflict, DomainError
from tests import factories as make
from tests.candidates.domain.profiles import LAST_YEAR, a_job, a_person, an_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make.make_workspace()


@pytest.fixture
def member(workspace):
    return make.make_member(workspace)


@pytest.fixture
def job(workspace):
    return make.make_job(workspace)


def mails(*addresses: str) -> list[dict[str, str]]:
    return [{"value": address, "kind": ""} for address in addresses]


def somebody(workspace, member, job, name: str, email: str, **fields: Any) -> Candidate:
    """With a bit of everything that can hang on a person."""
    person = make.make_candidate(workspace, name, email=email, **fields)
    source = make.make_source(workspace, f"Source of {email}")
    record = make.make_record(source, person, imported={"full_name": name, "emails": mails(email)})
    application = make.make_application(person, job)
    make.make_record(source, application)
    make.make_review(application, member)
    make.make_note(person, member)
    make.make_note(person, member, "About the application", application=application)
    make.tag_candidate(person, make.make_tag(workspace, f"tag of {email}"))
    make.pool_candidate(person, make.make_pool(workspace))
    make.make_attachment(person)
    make.make_push(record, member, state="confirmed")
    make.make_decision(person, member, application=application)
    make.make_conflict(source, person)
    make.shortlist(application, member)
    return person


@pytest.fixture
def ada(workspace, member, job):
    return somebody(workspace, member, job, "Ada Lovelace", "ada@work.example", headline="Analyst")


@pytest.fixture
def other(workspace, member, job):
    fields = {"current_company": "Engine Ltd", "headline": "Poet", "provenance": {"current_company": {"source": "x"}}}
    return somebody(workspace, member, job, "A. Lovelace", "ada@home.example", **fields)


UNCOUNTED = {"updated_at", "version"}  # they only ever grow


def everything() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of the domain, but what tells of the merge itself."""
    told = {"activity", "candidatemerge"}
    models = [model for model in apps.get_app_config("candidates").get_models() if model._meta.model_name not in told]
    return {
        str(model._meta.model_name): {
            row["id"]: {name: value for name, value in row.items() if name not in UNCOUNTED}
            for row in model._default_manager.values()
        }
        for model in models
    }


def test_everything_that_hung_on_the_other_hangs_on_the_survivor(ada, other, member):
    merge_candidates(ada, other, member=member)

    for model in OWNED.values():
        assert not model.objects.filter(candidate=other).exists(), model
    assert ada.applications.count() == 2
    assert Review.objects.filter(application__candidate=ada, member=member).count() == 2
    assert (ada.notes.count(), ada.candidate_tags.count(), ada.pool_memberships.count()) == (4, 2, 2)
    assert (ada.attachments.count(), ada.records.filter(kind="candidate").count()) == (2, 2)
    other.refresh_from_db()
    assert (other.merged_into, other.headline) == (ada, "Poet")
    told = Activity.objects.get(verb="merged")
    assert (told.actor, told.candidate, told.data) == (member, ada, {"other": str(other.pk), "name": "A. Lovelace"})


def test_the_survivors_values_win_blanks_are_filled_and_lists_are_put_together(ada, other, member):
    merge_candidates(ada, other, member=member)

    ada.refresh_from_db()
    assert (ada.full_name, ada.headline, ada.current_company) == ("Ada Lovelace", "Analyst", "Engine Ltd")
    assert ada.emails == mails("ada@work.example", "ada@home.example")
    assert ada.provenance["current_company"] == {"source": "x"}
    assert "home.example" in ada.search_text
    known = CandidateIdentity.objects.filter(candidate=ada, kind="email").values_list("value", flat=True)
    assert sorted(known) == ["ada@home.example", "ada@work.example"]


def test_every_field_can_be_chosen(ada, other, member):
    merge_candidates(ada, other, member=member, fields={"headline": "theirs", "emails": "ours", "full_name": "theirs"})

    ada.refresh_from_db()
    assert (ada.full_name, ada.headline, ada.emails) == ("A. Lovelace", "Poet", mails("ada@work.example"))


@pytest.mark.parametrize("fields", [{"headline": "both"}, {"search_text": "theirs"}, {"headline": ""}])
def test_a_choice_that_is_not_there_is_refused_and_nothing_is_done(ada, other, member, fields):
    before = everything()
    with pytest.raises(DomainError) as refusal:
        merge_candidates(ada, other, member=member, fields=fields)

    assert refusal.value.field == f"fields.{next(iter(fields))}"
    assert everything() == before


def test_undoing_restores_both_exactly(ada, other, member, workspace):
    third = make.make_candidate(workspace, "Augusta Byron", merged_into=other)
    make.tag_candidate(ada, CandidateTag.objects.get(candidate=other).tag)
    first, second = pair(ada.pk, other.pk)
    Duplicate.objects.create(workspace=workspace, first_id=first, second_id=second, score=80, reasons=["phone"])
    one, two = pair(other.pk, make.make_candidate(workspace, "Grace Hopper").pk)
    Duplicate.objects.create(workspace=workspace, first_id=one, second_id=two, score=80, state="different")
    before = everything()

    merge = merge_candidates(ada, other, member=member)
    assert Candidate.objects.get(pk=third.pk).merged_into == ada
    undone = undo_merge(merge, member=member)

    assert everything() == before
    assert undone.kept == []
    assert sorted(Activity.objects.filter(verb="unmerged").values_list("candidate__full_name", flat=True)) == [
        "A. Lovelace",
        "Ada Lovelace",
    ]


def test_what_people_added_since_is_kept_and_said(ada, other, member):
    theirs = other.applications.get()
    merge = merge_candidates(ada, other, member=member)
    edit_candidate(ada, {"current_company": "Babbage & Co"}, member=member)
    add_note(ada, "Called her", member=member)
    about = add_note(ada, "About hers", member=member, application=theirs)[0]
    add_tag(ada, "called", member=member)
    colleague = make.make_member(ada.workspace)
    review = make.make_review(theirs, colleague)

    undone = undo_merge(merge, member=member)

    ada.refresh_from_db()
    assert undone.kept == ["company (changed since)", "1 note added since", "1 tag added since"]
    assert (ada.current_company, ada.emails) == ("Babbage & Co", mails("ada@work.example"))
    assert sorted(ada.notes.values_list("text", flat=True))[1:] == ["Called her", "Met her at a meetup."]
    about.refresh_from_db()
    review.refresh_from_db()
    assert (about.candidate, review.application.candidate) == (other, other)


def test_what_a_source_changed_meanwhile_arrives_at_both_ends(ada, other, member):
    record = other.records.get(kind="candidate")
    merge = merge_candidates(ada, other, member=member)
    said = a_person(record.external_id, fields={"full_name": "Augusta Lovelace", "emails": mails("ada@new.example")})
    intake_candidates(record.source, [said], now=timezone.now())

    undo_merge(merge, member=member)

    other.refresh_from_db()
    ada.refresh_from_db()
    assert (other.full_name, other.emails) == ("Augusta Lovelace", mails("ada@new.example"))
    assert (ada.full_name, ada.emails) == ("Ada Lovelace", mails("ada@work.example"))
    assert not FieldConflict.objects.filter(candidate=ada, source=record.source, state="open").exists()


def test_merges_are_undone_from_the_last_one_back(ada, other, member, workspace):
    third = make.make_candidate(workspace, "Augusta Byron")
    fourth = make.make_candidate(workspace, "Countess Lovelace")
    first = merge_candidates(ada, other, member=member)
    second = merge_candidates(ada, third, member=member)
    on = merge_candidates(fourth, ada, member=member)

    for blocked in (first, second):
        with pytest.raises(Conflict):
            undo_merge(blocked, member=member)
    undo_merge(on, member=member)
    with pytest.raises(Conflict) as refusal:
        undo_merge(first, member=member)
    assert refusal.value.code == "not_the_last"
    undo_merge(second, member=member)
    undo_merge(first, member=member)
    with pytest.raises(Conflict):
        undo_merge(first, member=member)
    assert not Candidate.objects.exclude(merged_into=None).exists()


def test_nobody_is_merged_twice_with_themselves_or_unseen(ada, other, member):
    with pytest.raises(DomainError):
        merge_candidates(ada, ada, member=member)
    with pytest.raises(Conflict) as refusal:
        merge_candidates(ada, other, member=member, seen={ada.pk: ada.version, other.pk: other.version + 1})
    assert refusal.value.code == "changed_meanwhile"
    merge_candidates(ada, other, member=member)
    with pytest.raises(Conflict):
        merge_candidates(ada, other, member=member)
    assert CandidateMerge.objects.count() == 1


def test_what_is_written_about_somebody_who_was_merged_a_moment_ago_lands_on_the_survivor(ada, other, member):
    stale = Candidate.objects.get(pk=other.pk)
    merge_candidates(ada, other, member=member)

    add_note(stale, "Written on the old page", member=member)
    add_tag(stale, "late", member=member)
    edit_candidate(stale, {"current_title": "Countess"}, member=member, base={"current_title": ""})
    with pytest.raises(Conflict):
        edit_candidate(stale, {"headline": "Gambler"}, member=member, base={"headline": "Poet"})

    ada.refresh_from_db()
    assert ada.notes.filter(text="Written on the old page").exists()
    assert ada.candidate_tags.filter(tag__name="late").exists()
    assert (ada.current_title, ada.headline) == ("Countess", "Analyst")
    other.refresh_from_db()
    assert other.current_title == ""


def test_a_row_of_the_merged_person_goes_on_to_tell_of_the_survivor(ada, other, member, workspace):
    record = other.records.get(kind="candidate")
    merge_candidates(ada, other, member=member)

    again = a_person(record.external_id, fields={"full_name": "A. Lovelace", "current_title": "Countess"})
    intake_candidates(record.source, [again], now=timezone.now())
    new = a_person("new-row", fields={"full_name": "Ada Lovelace", "emails": mails("ada@home.example")})
    intake_candidates(make.make_source(workspace, "Third"), [new], now=timezone.now())

    ada.refresh_from_db()
    assert Candidate.objects.present().count() == 1
    assert ada.current_title == "Countess"
    assert SourceRecord.objects.get(external_id="new-row").candidate == ada


def test_erasing_the_survivor_erases_the_other_and_what_the_merge_remembered(ada, other, member):
    merge = merge_candidates(ada, other, member=member)
    admin = make.make_member(ada.workspace, "admin")

    erase_candidate(ada, member=admin, confirm="Ada Lovelace")

    merge.refresh_from_db()
    other.refresh_from_db()
    assert (merge.before, merge.after, merge.moved) == ({}, {}, {})
    assert other.erased_at is not None
    with pytest.raises(Conflict):
        undo_merge(merge, member=member)


def test_all_that_points_at_a_person_is_known_to_the_merge():
    """A new model that hangs on a candidate has to say what becomes of it."""
    stays = {"activity", "candidateidentity", "matchkey", "duplicate", "candidatemerge", "candidate"}
    pointing = {
        relation.related_model._meta.model_name
        for relation in Candidate._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    }
    assert pointing - stays == OWNED.keys() | LABELS.keys()


# Splitting


@pytest.fixture
def linked(workspace):
    """One person of two sources, with an application and labels from each."""
    kombo, talynce = make.make_source(workspace, "Kombo"), make.make_source(workspace, "Talynce", provider="talynce")
    now = timezone.now()
    for source, job_id in ((kombo, "j1"), (talynce, "j2")):
        intake_jobs(source, [a_job(job_id)], now=now)
    common = {"full_name": "Ada Lovelace", "emails": mails("ada@example.org")}
    intake_candidates(
        kombo,
        [a_person("k1", fields=common, tags=("SQL", "Both"), applications=[an_application("ka")])],
        now=now,
    )
    said = {**common, "headline": "Analyst", "custom_fields": {"t": 1}}
    custom = said.pop("custom_fields")
    theirs = [an_application("ta", job="j2")]
    row = a_person("t1", fields=said, tags=("Python", "Both"), applications=theirs, custom_fields=custom)
    intake_candidates(talynce, [row], now=now)
    return Candidate.objects.get()


def test_a_row_that_is_somebody_elses_leaves_with_all_that_came_with_it(linked, member):
    add_note(linked, "Called her", member=member)
    add_note(linked, "Of Talynce", member=member, application=linked.applications.get(job__records__external_id="j2"))

    made = split_off(SourceRecord.objects.get(external_id="t1"), member=member)

    linked.refresh_from_db()
    assert (made.full_name, made.headline, made.emails) == ("Ada Lovelace", "Analyst", mails("ada@example.org"))
    assert (linked.headline, linked.custom_fields, linked.emails) == ("", {}, mails("ada@example.org"))
    assert made.custom_fields == {"t": 1}
    assert [one.records.get().external_id for one in linked.applications.all()] == ["ka"]
    assert [one.records.get().external_id for one in made.applications.all()] == ["ta"]
    tags = {one: sorted(one.candidate_tags.values_list("tag__name", flat=True)) for one in (linked, made)}
    assert tags == {linked: ["Both", "SQL"], made: ["Both", "Python"]}
    assert [note.text for note in linked.notes.all()] == ["Called her"]
    assert [note.text for note in made.notes.all()] == ["Of Talynce"]
    assert sorted(Activity.objects.filter(verb__startswith="split").values_list("verb", "candidate__id")) == [
        ("split", linked.pk),
        ("split_off", made.pk),
    ]


def test_the_next_import_does_not_bring_a_split_person_back(linked, member):
    made = split_off(SourceRecord.objects.get(external_id="t1"), member=member)
    source = made.records.get(kind="candidate").source
    row = a_person(
        "t1",
        fields={"full_name": "Ada Lovelace", "emails": mails("ada@example.org"), "headline": "Poet"},
        changed_at=LAST_YEAR + timedelta(days=1),
    )

    intake_candidates(source, [row], now=timezone.now())

    made.refresh_from_db()
    assert made.headline == "Poet"
    assert Candidate.objects.count() == 2
    assert Duplicate.objects.get().state == DuplicateState.DIFFERENT


def test_the_only_row_of_a_person_cannot_leave(ada, member):
    with pytest.raises(DomainError) as refusal:
        split_off(ada.records.get(kind="candidate"), member=member)
    assert refusal.value.code == "only_source"
