"""An import never undoes a person (design, rule 2): three-way fields, tags, stages and outcomes, and our own pushes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.domain.intake import Counts, intake_candidates, intake_jobs
from candidates.domain.people import edit_candidate
from candidates.domain.profiles import HIDDEN, MISSING
from candidates.domain.tags import add_tag, remove_tag
from candidates.models import Activity, Application, Candidate, FieldConflict, SourceRecord, Stage
from tests import factories as make
from tests.candidates.domain.profiles import LAST_YEAR, a_job, a_person, an_application

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def member():
    return make.make_member()


@pytest.fixture
def source(member):
    source = make.make_source(member.workspace)
    intake_jobs(source, [a_job()], now=NOW())
    return source


def take(source, *people, now=None) -> Counts:
    return intake_candidates(source, list(people), now=now or NOW())


def titled(title, **said):
    return a_person(fields={"current_title": title}, **said)


@pytest.mark.parametrize(
    "base, ours, theirs, after, conflict",
    [
        ("A", "A", "A", "A", None),  # nobody changed
        ("A", "B", "A", "B", None),  # only we
        ("A", "A", "C", "C", None),  # only they
        ("A", "B", "B", "B", None),  # both, alike
        ("A", "B", "C", "B", ("A", "B", "C")),  # both, differently
        ("A", "", "C", "C", None),  # ours is blank
        ("A", "A", "", "A", None),  # a blank says nothing
        ("A", "A", None, "A", None),
        ("A", "A", MISSING, "A", None),
        ("A", "A", HIDDEN, "A", None),
        ("", "B", "C", "B", (None, "B", "C")),  # they never said anything before
        ("", "", "C", "C", None),
    ],
)
def test_a_field_is_compared_three_ways(source, member, base, ours, theirs, after, conflict):
    take(source, titled(base))
    if ours != base:
        edit_candidate(Candidate.objects.get(), {"current_title": ours}, member=member)

    take(source, titled(theirs))

    assert Candidate.objects.get().current_title == after
    found = FieldConflict.objects.filter(state="open").values_list("base", "ours", "theirs").first()
    assert found == conflict


def test_a_masked_field_is_marked_as_hidden_and_kept(source):
    take(source, titled("Engineer"))
    take(source, titled(HIDDEN))

    candidate = Candidate.objects.get()
    assert (candidate.current_title, candidate.provenance["current_title"]["hidden"]) == ("Engineer", True)


def test_a_value_that_was_gone_for_a_while_comes_back_changed_without_a_conflict(source):
    for title in ("Engineer", "", "Architect"):
        take(source, titled(title))

    assert Candidate.objects.get().current_title == "Architect"
    assert FieldConflict.objects.count() == 0


def test_a_conflict_stays_one_follows_their_side_and_closes_when_both_agree(source, member):
    take(source, titled("A"))
    edit_candidate(Candidate.objects.get(), {"current_title": "B"}, member=member)
    take(source, titled("C"))
    take(source, titled("D"))
    conflict = FieldConflict.objects.get()
    assert (conflict.base, conflict.ours, conflict.theirs, conflict.state) == ("A", "B", "D", "open")

    take(source, titled("B"))

    conflict.refresh_from_db()
    assert (conflict.state, conflict.resolved_by) == ("ours", None)
    assert Candidate.objects.get().current_title == "B"


def test_a_conflict_closes_when_they_go_back_to_where_both_came_from(source, member):
    take(source, titled("A"))
    edit_candidate(Candidate.objects.get(), {"current_title": "B"}, member=member)
    take(source, titled("C"))
    take(source, titled("A"))

    assert FieldConflict.objects.get().state == "ours"
    assert Candidate.objects.get().current_title == "B"


def test_an_edit_upstream_is_history_and_searchable(source):
    take(source, titled("Engineer"))
    before = Candidate.objects.get()
    take(source, titled("Architect"))

    after = Candidate.objects.get()
    entry = Activity.objects.get(verb="edited")
    assert entry.data == {"fields": {"current_title": ["Engineer", "Architect"]}}
    assert (entry.actor, entry.actor_label) == (None, "Import from Acme ATS")
    assert "architect" in after.search_text
    assert after.version == before.version + 1


def test_custom_fields_merge_key_by_key(source, member):
    take(source, a_person(custom_fields={"Notice": "1 month", "Salary": 1}))
    edit_candidate(Candidate.objects.get(), {"custom_fields": {"Notice": "3 months", "Salary": 1}}, member=member)

    take(source, a_person(custom_fields={"Notice": "1 month", "Salary": 2, "New": True}))

    assert Candidate.objects.get().custom_fields == {"Notice": "3 months", "Salary": 2, "New": True}
    assert FieldConflict.objects.count() == 0


def test_another_workspace_with_the_same_ids_is_untouched(source):
    other = make.make_source(make.make_workspace())
    take(source, titled("Here"))
    take(other, titled("There"))

    titles = dict(Candidate.objects.values_list("workspace", "current_title"))
    assert titles == {source.workspace_id: "Here", other.workspace_id: "There"}


# Tags


def tags_of(candidate):
    return sorted(link.tag.name for link in candidate.candidate_tags.select_related("tag"))


def test_tags_added_and_removed_upstream_follow_and_ours_stay(source, member):
    take(source, a_person(tags=("SQL", "Remote")))
    candidate = Candidate.objects.get()
    make.tag_candidate(candidate, make.make_tag(source.workspace, "Ours"), added_by=member)

    take(source, a_person(tags=("SQL", "Referral")))

    assert tags_of(candidate) == ["Ours", "Referral", "SQL"]
    assert set(Activity.objects.filter(verb__in=["tagged", "untagged"]).values_list("verb", "data__tag")) == {
        ("tagged", "Referral"),
        ("untagged", "Remote"),
    }


def test_a_tag_that_a_person_took_off_stays_off(source, member):
    take(source, a_person(tags=("SQL",)))
    candidate = Candidate.objects.get()
    remove_tag(candidate, candidate.candidate_tags.get().tag, member=member)

    take(source, titled("Changed", tags=("SQL",)))

    assert tags_of(candidate) == []


def test_our_tag_comes_back_from_upstream_as_an_echo(source, member):
    take(source, a_person(tags=()))
    candidate = Candidate.objects.get()
    add_tag(candidate, "SQL", member=member)

    take(source, a_person(tags=("SQL",)))

    assert tags_of(candidate) == ["SQL"]
    assert Activity.objects.filter(verb="tagged").count() == 1


def test_a_push_of_a_tag_that_is_on_its_way_holds_that_tag(source, member):
    take(source, a_person(tags=("SQL",)))
    candidate = Candidate.objects.get()
    record = candidate.records.get(kind="candidate")
    make.make_push(record, member, "tag", payload={"name": "sql"})

    take(source, a_person(tags=()))
    assert tags_of(candidate) == ["SQL"]

    record.entries.update(state="refused", settled_at=NOW(), due_at=None)
    take(source, a_person(tags=()))
    assert tags_of(candidate) == []


# Stages and outcomes


def applied(stage=0, **said):
    return a_person(applications=[an_application(stage=stage, **said)])


def moved_here(application, name):
    application.stage = Stage.objects.get(name=name)
    application.save()


def test_a_move_upstream_is_taken_and_told(source):
    take(source, applied(0))
    later = LAST_YEAR + timedelta(days=3)
    take(source, applied(2, changed_at=later))

    application = Application.objects.get()
    entry = Activity.objects.get(verb="moved")
    assert (application.stage.name, application.stage_entered_at) == ("Interview", later)
    assert (entry.data["from"], entry.data["to"], entry.application) == ("Applied", "Interview", application)
    assert Candidate.objects.get().version == 1


def test_a_move_here_that_upstream_knows_nothing_of_stays(source):
    take(source, applied(0))
    moved_here(Application.objects.get(), "Offer")

    take(source, applied(0, fields={"applied_at": LAST_YEAR}))

    assert Application.objects.get().stage.name == "Offer"
    assert FieldConflict.objects.count() == 0


def test_moves_on_both_sides_are_a_conflict_and_ours_stays(source):
    take(source, applied(0))
    moved_here(Application.objects.get(), "Offer")

    take(source, applied(1))

    conflict = FieldConflict.objects.get()
    assert Application.objects.get().stage.name == "Offer"
    assert (conflict.field, conflict.base["name"], conflict.ours["name"], conflict.theirs["name"]) == (
        "stage",
        "Applied",
        "Offer",
        "Phone screen",
    )
    assert conflict.theirs["external_id"] == "j1-s1"


def test_rejections_hires_and_reopenings_upstream_are_taken_and_told(source):
    reason = make.make_reason(source.workspace, "Salary")
    take(source, applied(1))
    take(source, applied(1, outcome="rejected", rejection_reason_name="Salary"))
    application = Application.objects.get()
    assert (application.outcome, application.rejection_reason, application.stage.name) == (
        "rejected",
        reason,
        "Phone screen",
    )
    take(source, applied(1, outcome="active"))
    take(source, applied(1, outcome="hired"))

    application.refresh_from_db()
    assert (application.outcome, application.rejected_at, application.rejection_reason_text) == ("hired", None, "")
    assert list(Activity.objects.exclude(verb="imported").order_by("pk").values_list("verb", flat=True)) == [
        "rejected",
        "reopened",
        "hired",
    ]


def test_an_outcome_that_the_source_does_not_state_changes_nothing(source):
    take(source, applied(outcome="hired"))
    take(source, applied(outcome=None, stage=1))

    assert Application.objects.get().outcome == "hired"


def test_withdrawn_here_and_declined_there_are_the_same(source):
    take(source, applied())
    Application.objects.update(outcome="withdrawn")
    take(source, applied(outcome="rejected"))

    assert Application.objects.get().outcome == "withdrawn"
    assert FieldConflict.objects.count() == 0


def test_an_application_that_is_no_longer_listed_is_marked_and_kept_and_may_come_back(source):
    both = [an_application("a1"), an_application("a2", stage=1)]
    take(source, a_person(applications=both))

    counts = take(source, a_person(applications=both[:1]))
    assert (counts.updated, counts.vanished) == (1, 1)
    assert SourceRecord.objects.get(external_id="a2").state == "not_listed"
    assert Application.objects.count() == 2

    take(source, a_person(applications=both))
    assert SourceRecord.objects.get(external_id="a2").state == "listed"
    assert Application.objects.count() == 2


def test_a_person_deleted_upstream_is_marked_and_kept_and_may_come_back(source):
    take(source, titled("Engineer"))
    gone = a_person(
        fields={"first_name": "", "last_name": "", "full_name": "", "current_title": None}, deleted_at=NOW()
    )

    counts = take(source, gone)
    assert (counts.updated, counts.vanished) == (1, 1)
    assert SourceRecord.objects.get(kind="candidate").state == "deleted_upstream"
    assert Candidate.objects.get().full_name == "Ada Lovelace"

    take(source, titled("Engineer"))
    assert SourceRecord.objects.get(kind="candidate").state == "listed"
    assert Candidate.objects.count() == 1
