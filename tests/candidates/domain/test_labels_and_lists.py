"""Tags, notes, pools, shortlists, and people made and edited by hand."""

import pytest

from candidates.domain import notes, people, pools, shortlists, tags
from candidates.enums import PushKind, PushState, Visibility
from candidates.models import Activity, Candidate, CandidateTag, Note, OutboxEntry, ShortlistEntry, Tag
from recruitment.errors import Conflict, DomainError, EditConflict
from recruitment.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make.make_member()


@pytest.fixture
def candidate(member):
    return make.make_candidate(member.workspace, "Élodie Ångström", headline="Planner")


def test_a_tag_is_one_word_whatever_its_spelling(candidate, member):
    first, _ = tags.add_tag(candidate, "Événement", member=member)
    second, decision = tags.add_tag(candidate, "  evenement ", member=member)
    assert first == second
    assert decision is None
    assert CandidateTag.objects.count() == 1


def test_a_tag_goes_to_every_row_of_the_person(candidate, member):
    source = make.make_source(member.workspace)
    rows = [make.make_record(source, candidate, "c-1"), make.make_record(source, candidate, "c-2")]
    tags.add_tag(candidate, "SQL", member=member)
    entries = OutboxEntry.objects.order_by("record__external_id")
    assert [(entry.record, entry.payload) for entry in entries] == [(row, {"name": "SQL"}) for row in rows]


def test_taking_a_tag_off_before_it_left_supersedes_it(candidate, member):
    make.make_record(make.make_source(member.workspace), candidate)
    tag, _ = tags.add_tag(candidate, "SQL", member=member, delay=6)
    tags.remove_tag(candidate, tag, member=member, delay=6)
    assert list(OutboxEntry.objects.order_by("id").values_list("kind", "state")) == [
        (PushKind.TAG, PushState.SUPERSEDED),
        (PushKind.UNTAG, PushState.WAITING),
    ]


@pytest.mark.parametrize("name", ["", "   ", "\x00", "x" * 101, "\u0301"])
def test_a_tag_without_a_usable_name_is_refused(candidate, member, name):
    with pytest.raises(DomainError) as refusal:
        tags.add_tag(candidate, name, member=member)
    assert refusal.value.field == "name"
    assert not Tag.objects.exists()


def test_renaming_a_tag_to_another_ones_name_is_refused(member):
    make.make_tag(member.workspace, "SQL")
    tag = make.make_tag(member.workspace, "Python")
    with pytest.raises(Conflict):
        tags.rename_tag(tag, "sql")


def test_a_private_note_is_seen_by_its_author_alone_and_told_to_nobody(candidate, member):
    notes.add_note(candidate, "Knows my sister.", member=member, visibility=Visibility.PRIVATE)
    other = make.make_member(member.workspace, Role.ADMIN)
    assert Note.objects.visible_to(member).count() == 1
    assert Note.objects.visible_to(other).count() == 0
    assert Activity.objects.visible_to(other).count() == 0
    with pytest.raises(DomainError):
        notes.add_note(candidate, "x", member=member, visibility=Visibility.PRIVATE, push=True)


def test_a_note_about_a_person_is_told_to_the_most_recently_active_application(candidate, member):
    source = make.make_source(member.workspace)
    older, newer = (make.make_application(candidate) for _ in range(2))
    for application in (older, newer):
        make.make_record(source, application)
    notes.add_note(candidate, "Strong on SQL.", member=member, push=True)
    entry = OutboxEntry.objects.get()
    assert entry.application == newer
    assert (entry.payload["text"], entry.payload["by"]) == ("Strong on SQL.", str(member))


def test_a_note_about_somebody_elses_application_is_refused(candidate, member):
    foreign = make.make_application(make.make_candidate(member.workspace))
    with pytest.raises(DomainError) as refusal:
        notes.add_note(candidate, "x", member=member, application=foreign)
    assert refusal.value.field == "application"


def test_being_put_in_a_pool_twice_is_once(candidate, member):
    pool = make.make_pool(member.workspace)
    for _ in range(2):
        pools.add_to_pool(pool, candidate, member=member)
    assert pool.members.count() == 1
    pools.take_out_of_pool(pool, candidate, member=member)
    with pytest.raises(Conflict):
        pools.take_out_of_pool(pool, candidate, member=member)


def order(job):
    return [entry.application for entry in ShortlistEntry.objects.filter(job=job).order_by("position")]


def test_a_shortlist_keeps_its_order_through_every_change(member):
    job = make.make_job(member.workspace)
    one, two, three = (make.make_application(make.make_candidate(member.workspace), job) for _ in range(3))
    for application in (one, two, three):
        shortlists.put_on_shortlist(application, member=member)
    shortlists.put_on_shortlist(three, member=member, position=1)
    assert order(job) == [three, one, two]
    shortlists.put_on_shortlist(three, member=member, position=99)
    assert order(job) == [one, two, three]
    shortlists.take_off_shortlist(one, member=member)
    assert list(ShortlistEntry.objects.order_by("position").values_list("position", flat=True)) == [1, 2]


def test_a_person_made_by_hand_is_found_without_accents(member):
    made = people.create_candidate({"full_name": "Łukasz Żółć", "emails": ["l.zolc@example.org"]}, member=member)
    assert Candidate.objects.visible_to(member).search("lukasz zolc", member).get() == made
    assert Candidate.objects.visible_to(member).search("ZOLC@EXAMPLE", member).get() == made


def test_a_person_needs_a_name_or_an_address(member):
    with pytest.raises(DomainError) as refusal:
        people.create_candidate({"headline": "Somebody"}, member=member)
    assert refusal.value.field == "full_name"


def test_two_people_editing_one_field_both_keep_their_text(candidate, member):
    people.edit_candidate(candidate, {"headline": "Lead planner"}, member=member, base={"headline": "Planner"})
    with pytest.raises(EditConflict) as refusal:
        people.edit_candidate(candidate, {"headline": "Head of planning"}, member=member, base={"headline": "Planner"})
    assert refusal.value.fields == {
        "headline": {"base": "Planner", "yours": "Head of planning", "theirs": "Lead planner"}
    }
    candidate.refresh_from_db()
    assert candidate.headline == "Lead planner"


def test_edits_of_different_fields_merge(candidate, member):
    people.edit_candidate(candidate, {"headline": "Lead"}, member=member, base={"headline": "Planner"})
    people.edit_candidate(candidate, {"current_company": "Blue"}, member=member, base={"current_company": ""})
    candidate.refresh_from_db()
    assert (candidate.headline, candidate.current_company, candidate.version) == ("Lead", "Blue", 3)


def test_an_edit_is_on_record_from_what_to_what(candidate, member):
    people.edit_candidate(candidate, {"headline": "Lead"}, member=member)
    assert Activity.objects.get().data == {"fields": {"headline": ["Planner", "Lead"]}}


def test_an_edit_that_changes_nothing_writes_nothing(candidate, member):
    people.edit_candidate(candidate, {"headline": "Planner"}, member=member)
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"full_name": 7}, "full_name"),
        ({"full_name": "x" * 301}, "full_name"),
        ({"links": ["javascript:alert(1)"]}, "links"),
        ({"links": ["https://good.example@evil.example"]}, "links"),
        ({"emails": ["nobody"]}, "emails"),
        ({"emails": "a@example.org"}, "emails"),
        ({"phones": ["none"]}, "phones"),
        ({"location": "Lyon"}, "location"),
        ({"confidential": "yes"}, "confidential"),
        ({"experiences": ["Dispatcher"]}, "experiences"),
    ],
)
def test_what_does_not_fit_names_its_field(candidate, member, fields, field):
    with pytest.raises(DomainError) as refusal:
        people.edit_candidate(candidate, fields, member=member)
    assert refusal.value.field == field


def test_a_person_is_considered_once_for_a_job_at_a_time(candidate, member):
    job = make.make_job(member.workspace)
    made = people.create_application(candidate, job, member=member)
    assert made.stage == job.stages.first()
    with pytest.raises(Conflict):
        people.create_application(candidate, job, member=member)
