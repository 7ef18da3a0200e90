"""Merging a tag into another one, and deleting one that nobody carries."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.domain.intake import intake_candidates
from candidates.models import Activity, CandidateTag, OutboxEntry, SourceRecord, Tag
from recruitment.models import Role
from tests import factories as make
from tests.api import Api
from tests.candidates.domain.profiles import a_person
from tests.candidates.views.screens import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena():
    return make.make_member(full_name="Lena Brandt")


@pytest.fixture
def old(lena):
    return make.make_tag(lena.workspace, "JS")


@pytest.fixture
def new(lena):
    return make.make_tag(lena.workspace, "JavaScript")


def address(tag, verb="merge"):
    return reverse(f"candidates:tag_{verb}", args=[tag.pk])


def carriers(tag):
    return set(CandidateTag.objects.filter(tag=tag).values_list("candidate__full_name", flat=True))


class TestMerge:
    def test_everybody_carries_the_other_once_and_it_is_told(self, lena, old, new):
        for name, tags in (("Ada", [old]), ("Bo", [old, new]), ("Cy", [new])):
            person = make.make_candidate(lena.workspace, name)
            for tag in tags:
                make.tag_candidate(person, tag)
        signed_in(lena).post(address(old), {"into": "javascript"})
        assert carriers(new) == {"Ada", "Bo", "Cy"}
        assert list(Tag.objects.all()) == [new]
        told = Activity.objects.get(verb="tags_merged")
        assert (str(told.actor), told.data) == ("Lena Brandt", {"tag": "JS", "into": "JavaScript", "people": 2})
        assert not OutboxEntry.objects.exists()

    def test_what_a_source_calls_so_comes_in_as_the_other_one(self, lena, old, new):
        source = make.make_source(lena.workspace)
        intake_candidates(source, [a_person("c1", tags=("JS",))], now=make.timezone.now())
        signed_in(lena).post(address(old), {"into": "JavaScript"})
        intake_candidates(source, [a_person("c2", tags=("JS",))], now=make.timezone.now())
        assert (CandidateTag.objects.filter(tag=new).count(), Tag.objects.count()) == (2, 1)
        assert SourceRecord.objects.get(kind="tag").tag == new

    @pytest.mark.parametrize(
        "typed, words",
        [
            ("", "There is no tag of this name."),
            ("Cobol", "There is no tag of this name."),
            ("js", "Choose another tag."),
        ],
    )
    def test_what_is_no_other_tag_is_said_and_nothing_happens(self, lena, old, new, typed, words):
        answer = signed_in(lena).post(address(old), {"into": typed})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
        assert Tag.objects.count() == 2

    def test_the_page_says_that_sources_are_not_told(self, lena, old, new):
        make.make_record(make.make_source(lena.workspace, "Greenhouse"), old)
        shown = signed_in(lena).get(address(old)).content.decode()
        assert ("It is known to <bdi>Greenhouse</bdi>." in shown, "No source is told" in shown) == (True, True)


class TestDelete:
    def test_one_that_nobody_carries_is_gone_and_that_is_told(self, lena, old):
        signed_in(lena).post(address(old, "delete"))
        assert not Tag.objects.exists()
        assert Activity.objects.get(verb="tag_deleted").data == {"tag": "JS"}

    def test_one_that_somebody_carries_stays(self, lena, old):
        make.tag_candidate(make.make_candidate(lena.workspace), old)
        signed_in(lena).post(address(old, "delete"))
        assert Tag.objects.get() == old
        assert "Delete the tag" not in signed_in(lena).get(address(old)).content.decode()


class TestApi:
    def test_it_merges_and_deletes(self, lena, old, new):
        api, third = Api(lena), make.make_tag(lena.workspace, "Third")
        assert api.post(f"tags/{old.pk}/merge/", {"into": str(new.pk)}).json()["name"] == "JavaScript"
        assert api.delete(f"tags/{third.pk}/").status_code == 204
        make.tag_candidate(make.make_candidate(lena.workspace), new)
        assert api.delete(f"tags/{new.pk}/").status_code == 409

    def test_a_tag_of_another_workspace_is_no_target(self, lena, old):
        theirs = make.make_tag(make.make_workspace())
        assert Api(lena).post(f"tags/{old.pk}/merge/", {"into": str(theirs.pk)}).status_code == 400

    def test_a_reviewer_may_not(self, old, new):
        reviewer = make.make_member(old.workspace, Role.REVIEWER)
        assert Api(reviewer).delete(f"tags/{old.pk}/").status_code == 403
        assert signed_in(reviewer).post(address(old), {"into": "JavaScript"}).status_code == 403
