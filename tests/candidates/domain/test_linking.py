"""One person in several systems is one candidate with several sources (dangers C63 to C65)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.domain.identities import email_identity, linkedin_identity
from candidates.domain.intake import intake_candidates, intake_jobs, intake_pools
from candidates.domain.names import differ_clearly
from candidates.domain.people import edit_candidate
from candidates.domain.profiles import HIDDEN, PoolProfile
from candidates.models import Activity, Application, Candidate, CandidateIdentity, FieldConflict, SourceRecord
from tests import factories as make
from tests.candidates.domain.profiles import LAST_YEAR, a_job, a_person, an_application

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def workspace():
    return make.make_workspace()


@pytest.fixture
def kombo(workspace):
    return make.make_source(workspace, "Acme ATS")


@pytest.fixture
def talynce(workspace):
    return make.make_source(workspace, "Talynce", provider="talynce", provider_label="Talynce")


def mails(*addresses: str) -> list[dict[str, str]]:
    return [{"value": address, "kind": ""} for address in addresses]


def person(external_id: str, *addresses: str, name: str = "Ada Lovelace", fields=None, **said):
    first, _, last = name.partition(" ")
    given = {"full_name": name, "first_name": first, "last_name": last, "emails": mails(*addresses), **(fields or {})}
    return a_person(external_id, fields=given, **said)


def take(source, *people):
    return intake_candidates(source, list(people), now=timezone.now())


def later(days: int = 1):
    return LAST_YEAR + timedelta(days=days)


def test_a_row_with_the_e_mail_of_somebody_known_is_one_more_source_of_that_person(kombo, talynce):
    take(kombo, person("k1", "Ada@Example.org"))

    counts = take(talynce, person("t1", ADA, fields={"headline": "Analyst"}))

    ada = Candidate.objects.get()
    assert (counts.created, counts.updated) == (0, 1)
    assert sorted(ada.records.values_list("source__name", "external_id")) == [("Acme ATS", "k1"), ("Talynce", "t1")]
    assert ada.headline == "Analyst"
    assert ada.provenance["headline"]["source"] == str(talynce.pk)
    told = Activity.objects.get(verb="linked")
    assert (told.candidate, told.actor_label) == (ada, "Import from Talynce")
    assert told.data == {"source": "Talynce", "because": "email", "fields": {"headline": ["", "Analyst"]}}


@pytest.mark.parametrize(
    "link", ["https://www.linkedin.com/in/ada/", "linkedin.com/in/Ada", "https://de.linkedin.com/in/ada?trk=x#y"]
)
def test_a_linkedin_profile_is_the_same_in_whatever_form_it_is_written(kombo, talynce, link):
    take(kombo, person("k1", fields={"links": mails("https://www.linkedin.com/in/ada")}))
    take(talynce, person("t1", fields={"links": mails(link)}))

    assert Candidate.objects.get().records.count() == 2


def test_two_new_rows_of_one_page_are_one_person(kombo):
    intake_jobs(kombo, [a_job(), a_job("j2")], now=timezone.now())

    counts = take(
        kombo,
        person("row-1", ADA, tags=("SQL",), applications=[an_application("a1")]),
        person("row-2", ADA, tags=("SQL", "Remote"), applications=[an_application("a2", job="j2")]),
        person("row-3", ADA, tags=("Remote",)),
    )

    ada = Candidate.objects.get()
    assert (counts.created, counts.updated, counts.set_aside) == (1, 2, 0)
    assert sorted(ada.applications.values_list("records__external_id", flat=True)) == ["a1", "a2"]
    assert sorted(ada.candidate_tags.values_list("tag__name", flat=True)) == ["Remote", "SQL"]
    assert list(Activity.objects.values_list("verb", flat=True).order_by("id")) == ["imported", "linked", "linked"]


def test_two_applications_of_one_person_for_one_job_are_both_kept(kombo):
    intake_jobs(kombo, [a_job()], now=timezone.now())
    rows = [
        person("row-1", ADA, applications=[an_application("a1", stage=0)]),
        person("row-2", ADA, applications=[an_application("a2", stage=2)]),
    ]

    counts = take(kombo, *rows)
    take(kombo, *rows)

    assert counts.set_aside == 0
    stages = Candidate.objects.get().applications.order_by("stage__position").values_list("stage__name", flat=True)
    assert list(stages) == ["Applied", "Interview"]


@pytest.mark.parametrize(
    "address",
    [
        *("noreply@linkedin.com", "no-reply@ats.example.com", "info@acme.example", "jobs@acme.example"),
        *("hr@acme.example", "candidate-17@linkedin", "a***@example.org", "unknown@example.org", "", "no mail"),
        *("No.Reply2@acme.example", "xxxx@example.org", "jobs+17@acme.example", "someone@linkedin.com"),
    ],
)
def test_a_placeholder_is_nobodys_identity(kombo, talynce, address):
    take(kombo, person("k1", address))
    take(talynce, person("t1", address))

    assert Candidate.objects.count() == 2
    assert email_identity(address) is None


@pytest.mark.parametrize(
    "address", ["ada@example.org", "s.jobs@example.org", "informa@example.org", "ada+cv@example.org"]
)
def test_a_persons_own_address_is_an_identity(address):
    assert email_identity(f" {address.upper()} ") == address


@pytest.mark.parametrize(
    "link", ["linkedin.com/in/me", "linkedin.com/company/acme", "example.org/in/ada", "http://[", ""]
)
def test_a_link_that_leads_to_nobody_is_no_identity(link):
    assert linkedin_identity(link) is None


def test_a_masked_address_is_no_identity_and_hides_nothing_that_another_source_said(kombo, talynce):
    take(kombo, person("k1", ADA))
    take(talynce, person("t1", fields={"emails": HIDDEN}, masked=True))
    take(talynce, person("t2", fields={"emails": HIDDEN, "links": mails("linkedin.com/in/ada")}, masked=True))
    assert Candidate.objects.count() == 3

    take(kombo, person("k1", ADA, fields={"links": mails("linkedin.com/in/ada-l")}, changed_at=later()))
    take(talynce, person("t3", fields={"emails": HIDDEN, "links": mails("linkedin.com/in/ada-l")}, masked=True))

    ada = Candidate.objects.get(records__external_id="k1")
    assert sorted(ada.records.values_list("external_id", flat=True)) == ["k1", "t3"]
    assert (ada.emails, ada.provenance["emails"].get("hidden")) == (mails(ADA), None)


def test_the_same_e_mail_under_a_clearly_different_name_links_nobody_and_is_noted(kombo, talynce):
    take(kombo, person("k1", "family@example.org", name="Ada Lovelace"))
    take(talynce, person("t1", "family@example.org", name="Grace Hopper"))

    grace = Candidate.objects.get(full_name="Grace Hopper")
    assert grace.records.get().external_id == "t1"
    assert Activity.objects.get(verb="not_linked").candidate == grace


def test_an_address_that_a_page_shows_under_several_names_is_nobodys(kombo):
    names = ("Ada Lovelace", "Ada Lovelace", "Grace Hopper")
    take(kombo, *(person(f"k{number}", "desk@example.org", name=name) for number, name in enumerate(names)))

    assert Candidate.objects.count() == 3
    assert not Activity.objects.filter(verb="linked").exists()


@pytest.mark.parametrize(
    "first, second, different",
    [
        ("Ada Lovelace", "Lovelace, Ada", False),
        ("Ada Lovelace", "ADA BYRON", False),
        ("Élodie Ånström", "Elodie Anstrom", False),
        ("Jon Smyth", "John Smith", False),
        ("A. Lovelace", "Ada Lovelace", False),
        ("Ada Lovelace", "", False),
        ("Ada Lovelace", "Grace Hopper", True),
        ("Dr. Ada Lovelace", "Dr. Grace Hopper", True),
        ("王伟", "Grace Hopper", True),
    ],
)
def test_names_differ_clearly_or_not(first, second, different):
    assert differ_clearly(first, second) is different
    assert differ_clearly(second, first) is different


def test_an_address_of_two_people_links_to_neither(kombo, talynce, workspace):
    make.make_candidate(workspace, "Ada Lovelace", email=ADA)
    make.make_candidate(workspace, "Ada Lovelace", email=ADA)

    take(talynce, person("t1", ADA))

    assert Candidate.objects.count() == 3


def test_an_address_of_another_workspace_or_of_a_user_changes_nothing_there(kombo):
    stranger = make.make_candidate(make.make_workspace(), "Ada Lovelace", email=ADA)
    user = make.make_member(kombo.workspace, email=ADA, full_name="Ada of the team").user
    was = (user.email, user.full_name, user.password)

    take(kombo, person("k1", ADA))

    ada = Candidate.objects.get(workspace=kombo.workspace)
    user.refresh_from_db()
    assert ada.pk != stranger.pk
    assert stranger.records.count() == 0
    assert (user.email, user.full_name, user.password) == was


def test_an_address_edited_upstream_moves_no_row_to_somebody_else(kombo, talynce):
    take(kombo, person("k1", ADA))
    take(talynce, person("t1", "grace@example.org", name="Grace Hopper"))

    take(talynce, person("t1", ADA, name="Grace Hopper", changed_at=later()))
    take(talynce, person("t1", ADA, name="Ada Lovelace", changed_at=later(2)))

    assert Candidate.objects.count() == 2
    assert SourceRecord.objects.get(external_id="t1").candidate != SourceRecord.objects.get(external_id="k1").candidate


def test_a_second_source_fills_blanks_and_disagrees_in_silence(kombo, talynce):
    take(kombo, person("k1", ADA, fields={"headline": "Analyst", "custom_fields": {}}))

    take(talynce, person("t1", ADA, fields={"headline": "Poet", "current_company": "Engine Ltd"}))

    ada = Candidate.objects.get()
    assert (ada.headline, ada.current_company) == ("Analyst", "Engine Ltd")
    assert not FieldConflict.objects.exists()


def test_what_a_second_source_changes_later_is_a_conflict_and_the_first_one_goes_on(kombo, talynce):
    take(kombo, person("k1", ADA, fields={"headline": "Analyst"}))
    take(talynce, person("t1", ADA, fields={"headline": "Analyst"}))

    take(talynce, person("t1", ADA, fields={"headline": "Poet"}, changed_at=later()))
    ada = Candidate.objects.get()
    assert ada.headline == "Analyst"
    clash = FieldConflict.objects.get()
    assert (clash.source, clash.field, clash.ours, clash.theirs) == (talynce, "headline", "Analyst", "Poet")

    take(kombo, person("k1", ADA, fields={"headline": "Mathematician"}, changed_at=later()))
    ada.refresh_from_db()
    assert ada.headline == "Mathematician"
    take(talynce, person("t1", ADA, fields={"headline": ""}, changed_at=later(2)))
    ada.refresh_from_db()
    assert ada.headline == "Mathematician"


def test_two_rows_of_one_source_that_disagree_make_one_conflict(kombo):
    rows = [person(f"row-{number}", ADA, fields={"headline": "Analyst"}) for number in (1, 2)]
    take(kombo, *rows)
    edit_candidate(Candidate.objects.get(), {"headline": "Countess"}, member=make.make_member(kombo.workspace))

    changed = [
        person(f"row-{number}", ADA, fields={"headline": word}, changed_at=later())
        for number, word in ((1, "Poet"), (2, "Gambler"))
    ]
    counts = take(kombo, *changed)

    assert counts.set_aside == 0
    assert FieldConflict.objects.get(state="open").theirs == "Gambler"


def test_a_label_goes_when_the_last_row_of_the_person_has_dropped_it(kombo, talynce):
    intake_pools(kombo, [PoolProfile("p1", "Silver")], now=timezone.now())
    take(kombo, person("row-1", ADA, tags=("SQL",), pools=["p1"]), person("row-2", ADA, tags=("SQL",), pools=["p1"]))
    take(talynce, person("t1", ADA, tags=("SQL",)))
    ada = Candidate.objects.get()

    take(kombo, person("row-1", ADA, tags=(), pools=[], changed_at=later()))
    assert (ada.candidate_tags.count(), ada.pool_memberships.count()) == (1, 1)
    take(kombo, person("row-2", ADA, tags=(), pools=[], changed_at=later()))
    assert (ada.candidate_tags.count(), ada.pool_memberships.count()) == (1, 0)
    take(talynce, person("t1", ADA, tags=(), changed_at=later()))
    assert ada.candidate_tags.count() == 0


def test_a_person_is_known_by_the_addresses_of_all_sources_until_somebody_writes_them_here(kombo, talynce, workspace):
    take(kombo, person("k1", ADA))
    take(talynce, person("t1", ADA, "ada@home.example"))
    third = make.make_source(workspace, "Recruspace", provider="recruspace")

    take(third, person("r1", "ada@home.example"))
    assert Candidate.objects.get().records.count() == 3

    edit_candidate(Candidate.objects.get(), {"emails": mails("ada@new.example")}, member=make.make_member(workspace))
    assert [row.value for row in CandidateIdentity.objects.filter(kind="email")] == ["ada@new.example"]


def test_linking_costs_the_same_number_of_statements_for_one_row_and_for_thirty(kombo, talynce):
    intake_jobs(kombo, [a_job()], now=timezone.now())
    crowd = [
        person(f"c{number}", f"p{number}@example.org", tags=("SQL",), applications=[an_application(f"a{number}")])
        for number in range(62)
    ]
    take(kombo, *crowd)
    again = [
        person(f"r{number}", f"p{number}@example.org", tags=("SQL", "Remote"), fields={"headline": "Poet"})
        for number in range(62)
    ]
    take(talynce, again[60])

    costs = []
    for page in (again[:1], again[1:31]):
        with CaptureQueriesContext(connection) as queries:
            take(talynce, *page)
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert Candidate.objects.count() == 62
    assert Application.objects.count() == 62


def test_a_page_that_comes_twice_links_once(kombo, talynce):
    take(kombo, person("k1", ADA))
    for _ in range(2):
        take(talynce, person("t1", ADA))

    assert Activity.objects.filter(verb="linked").count() == 1


def test_an_id_that_names_somebody_else_now_is_set_aside_and_the_person_stays(kombo):
    """Dangers F23, C71."""
    take(kombo, person("k1", ADA))
    counts = take(kombo, person("k1", "grace@example.org", name="Grace Hopper", changed_at=later()))

    assert (counts.set_aside, counts.updated, counts.created) == (1, 0, 0)
    assert counts.problems[0].reason.startswith("This id was Ada Lovelace before, and now it is Grace Hopper")
    assert Candidate.objects.get().full_name == "Ada Lovelace"


@pytest.mark.parametrize(
    "address, name", [("grace@example.org", "Ada King"), (ADA, "Countess of Lovelace-King"), ("", "Grace Hopper")]
)
def test_a_new_name_or_a_new_address_alone_is_the_same_person(kombo, address, name):
    take(kombo, person("k1", ADA))
    counts = take(kombo, person("k1", *filter(None, [address]), name=name, changed_at=later()))

    assert (counts.set_aside, counts.updated) == (0, 1)


def test_whoever_writes_the_new_name_down_lets_the_row_in(kombo):
    take(kombo, person("k1", ADA))
    edit_candidate(Candidate.objects.get(), {"full_name": "Grace Hopper"}, member=make.make_member(kombo.workspace))
    counts = take(kombo, person("k1", "grace@example.org", name="Grace Hopper", changed_at=later()))

    assert (counts.set_aside, counts.updated) == (0, 1)
