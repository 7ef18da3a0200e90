"""Whose word counts for a field: a source's, ours, or whoever changed it. Rule by rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.domain.intake import intake_candidates
from candidates.domain.owners import clean_owners, owner_of
from candidates.domain.ownership import set_owners
from candidates.domain.people import edit_candidate
from candidates.models import Activity, Candidate, FieldConflict
from recruitment.errors import Conflict, DomainError
from recruitment.models import Role
from tests import factories as make
from tests.candidates.domain.profiles import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.make_member(role=Role.ADMIN)


@pytest.fixture
def source(admin):
    return make.make_source(admin.workspace, "Greenhouse")


def read(source, headline="", external_id="c1", **fields):
    """One row, read now. Returns the person."""
    source.refresh_from_db()
    said = {"headline": headline, "current_title": "Planner", **fields}
    intake_candidates(source, [a_person(external_id, fields=said)], now=timezone.now())
    return Candidate.objects.get(records__source=source, records__external_id=external_id)


def open_fields():
    return list(FieldConflict.objects.filter(state="open").values_list("field", flat=True))


#         owner     ours      then theirs: what stands after it, and whether it is a conflict
RULES = [
    ("both", None, "new", "new", []),
    ("both", "typed", "was", "typed", []),
    ("both", "typed", "new", "typed", ["headline"]),
    ("both", "typed", "", "typed", []),
    ("source", None, "new", "new", []),
    ("source", "typed", "was", "was", []),
    ("source", "typed", "new", "new", []),
    ("source", "typed", "", "typed", []),
    ("quorum", None, "new", "was", []),
    ("quorum", "typed", "was", "typed", []),
    ("quorum", "typed", "new", "typed", []),
    ("quorum", "", "new", "new", []),
]


@pytest.mark.parametrize("owner, ours, theirs, after, differs", RULES)
def test_whose_word_stands(admin, source, owner, ours, theirs, after, differs):
    person = read(source, "was")
    if ours is not None:
        edit_candidate(person, {"headline": ours}, member=admin)
    set_owners(source, {"work": owner}, member=admin)
    person = read(source, theirs)
    assert (person.headline, open_fields()) == (after, differs)


def test_what_quorum_owns_is_filled_by_the_first_import(admin, source):
    set_owners(source, {"work": "quorum"}, member=admin)
    assert read(source, "was").headline == "was"


def test_custom_fields_go_key_by_key(admin, source):
    read(source)
    Candidate.objects.update(custom_fields={"Visa": "typed"})
    set_owners(source, {"custom_fields": "source"}, member=admin)
    row = a_person("c1", fields={"headline": "x"}, custom_fields={"Visa": "theirs", "Dog": "yes"})
    source.refresh_from_db()
    intake_candidates(source, [row], now=timezone.now())
    assert Candidate.objects.get().custom_fields == {"Visa": "theirs", "Dog": "yes"}


def test_a_row_that_has_not_changed_is_read_once_more_after_the_owners_changed(admin, source):
    person = read(source, "was")
    edit_candidate(person, {"headline": "typed"}, member=admin)
    set_owners(source, {"work": "source"}, member=admin)
    assert read(source, "was").headline == "was"
    source.refresh_from_db()
    again = [a_person("c1", fields={"headline": "was", "current_title": "Planner"})]
    counts = intake_candidates(source, again, now=timezone.now() + timedelta(seconds=1))
    assert (counts.unchanged, counts.updated) == (1, 0)


def test_an_owner_takes_over_from_another_source_and_differences_are_none(admin, source):
    other = make.make_source(admin.workspace, "Lever")
    person = read(source, "first")
    make.make_record(other, person, "c9", imported={"headline": "old"})
    set_owners(other, {"work": "source"}, member=admin)
    assert read(other, "second", "c9").headline == "second"
    assert open_fields() == []


class TestSetting:
    def test_what_differs_now_is_settled_at_once_and_told(self, admin, source):
        person = read(source, "was")
        make.make_conflict(source, person, "headline", theirs="theirs")
        make.make_conflict(source, person, "emails", ours=[], theirs=[])
        set_owners(source, {"headline": "source", "contact": "quorum"}, member=admin)
        person.refresh_from_db()
        assert (person.headline, open_fields()) == ("theirs", [])
        assert set(Activity.objects.values_list("verb", flat=True)) >= {"owners_changed", "conflict_resolved"}

    def test_a_field_goes_before_its_group_and_the_group_before_nobody(self):
        owners = clean_owners({"contact": "source", "phones": "quorum", "emails": "source", "work": "both"})
        assert owners == {"contact": "source", "phones": "quorum"}
        assert [owner_of(owners, field) for field in ("phones", "emails", "headline")] == ["quorum", "source", "both"]

    def test_a_field_may_be_nobodys_in_a_group_that_has_an_owner(self):
        owners = clean_owners({"contact": "source", "phones": "both"})
        assert owner_of(owners, "phones") == "both"

    def test_two_sources_cannot_own_the_same_field(self, admin, source):
        set_owners(source, {"contact": "source"}, member=admin)
        other = make.make_source(admin.workspace, "Lever")
        with pytest.raises(Conflict, match="Greenhouse owns this already"):
            set_owners(other, {"emails": "source"}, member=admin)
        other.refresh_from_db()
        assert other.field_owners == {}

    @pytest.mark.parametrize("given", [{"shoe_size": "source"}, {"contact": "nobody"}, {"contact": None}])
    def test_what_is_no_field_or_no_owner_is_refused(self, admin, source, given):
        with pytest.raises(DomainError):
            set_owners(source, given, member=admin)

    def test_the_same_again_is_no_change(self, admin, source):
        set_owners(source, {"contact": "source"}, member=admin)
        set_owners(source, {"contact": "source", "work": "both"}, member=admin)
        assert Activity.objects.filter(verb="owners_changed").count() == 1
