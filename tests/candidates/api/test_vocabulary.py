from candidates.models import SourceRecord
from tests import factories as make
from tests.api import fault, ids


def test_two_spellings_of_a_tag_are_one(cast):
    made = cast.ana.post("tags/", {"name": "Remote"})

    assert (made.status_code, cast.ana.post("tags/", {"name": " REMOTE "}).json()) == (201, made.json())
    renamed = cast.ana.patch(f"tags/{made.json()['id']}/", {"name": "On site"})
    assert renamed.json() == {"id": made.json()["id"], "name": "On site"}
    assert fault(cast.ana.post("tags/", {"name": " \u200b "})) == (400, "required", "name")


def test_a_name_that_another_tag_has_is_refused(cast):
    make.make_tag(cast.team, "remote")
    other = make.make_tag(cast.team, "office")

    assert fault(cast.ana.patch(f"tags/{other.pk}/", {"name": "Remote"})) == (409, "unique", "name")


def test_reviewers_read_vocabulary_and_change_none(cast):
    tag, pool, reason = make.make_tag(cast.team), make.make_pool(cast.team), make.make_reason(cast.team)

    for path, thing in (("tags/", tag), ("talent-pools/", pool), ("rejection-reasons/", reason)):
        assert ids(cast.rob.get(path)) == [str(thing.pk)]
        assert cast.rob.post(path, {"name": "x"}).status_code == 403
        assert cast.rob.patch(f"{path}{thing.pk}/", {"name": "x"}).status_code == 403
        assert ids(cast.zoe.get(path)) == []
        assert cast.zoe.patch(f"{path}{thing.pk}/", {"name": "x"}).status_code == 404


def test_people_join_and_leave_a_pool(cast):
    pool = cast.ana.post("talent-pools/", {"name": "Silver", "description": "Next time."}).json()
    ada = make.make_candidate(cast.team, "Ada")
    path = f"talent-pools/{pool['id']}/members/"

    joined = cast.ana.post(path, {"candidate": str(ada.pk)})

    assert (joined.status_code, joined.json()["candidate"]["full_name"]) == (201, "Ada")
    assert cast.ana.get(f"talent-pools/{pool['id']}/").json()["member_count"] == 1
    assert len(ids(cast.ana.get(path))) == 1
    assert ids(cast.rob.get(path)) == []  # not one of his people
    assert cast.ana.delete(path, {"candidate": str(ada.pk)}).status_code == 204
    assert fault(cast.ana.delete(path, {"candidate": str(ada.pk)})) == (409, "not_in_pool", None)
    cast.ana.post(path, {"candidate": str(ada.pk)})
    assert cast.ana.delete(f"{path}?candidate={ada.pk}").status_code == 204


def test_a_person_of_another_workspace_joins_no_pool(cast):
    pool = make.make_pool(cast.team)
    foreign = make.make_candidate(cast.stranger.workspace)

    answer = cast.ana.post(f"talent-pools/{pool.pk}/members/", {"candidate": str(foreign.pk)})

    assert fault(answer) == (400, "does_not_exist", "candidate")


def test_a_reason_is_tied_to_what_its_source_calls_it(cast):
    source = make.make_source(cast.team)
    old = make.make_reason(cast.team, "Overqualified")
    make.make_record(source, old, "r-1", imported={"name": "Overqualified"})

    made = cast.ana.post(
        "rejection-reasons/",
        {"name": "Too expensive", "upstream": [{"source": str(source.pk), "external_id": "r-1"}]},
    )

    assert made.status_code == 201
    assert made.json()["upstream"] == [{"source": str(source.pk), "external_id": "r-1"}]
    assert cast.ana.get(f"rejection-reasons/{old.pk}/").json()["upstream"] == []
    unknown = {"upstream": [{"source": str(source.pk), "external_id": "r-9"}]}
    assert fault(cast.ana.patch(f"rejection-reasons/{old.pk}/", unknown)) == (400, "does_not_exist", "upstream")
    assert SourceRecord.objects.count() == 1
