"""The provider over real HTTP against the sandbox, which keeps LinkUp's contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from candidates.domain.profiles import Malformed
from integrations.errors import (
    Denied,
    Garbled,
    OutOfCredits,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.provider import Account, FileOrder
from integrations.providers.linkup.provider import LinkUp
from integrations.sandbox.linkup.account import ACCOUNT_ID, API_KEY, CREDITS, INACTIVE_ACCOUNT, POSTINGS
from integrations.sandbox.server import Sandbox

JOBS = [posting.job_id for posting in POSTINGS]


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(port=0, people=600, seed=1) as sandbox:
        sandbox.linkup.switch(slow_seconds=0.2)
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    running.linkup.reset()
    yield running
    running.linkup.switch(rating_words="GOOD", extras=True, arrivals=0, per_minute=300)


@pytest.fixture
def provider(sandbox: Sandbox) -> Iterator[LinkUp]:
    linkup = connect(sandbox)
    yield linkup
    linkup.close()


def connect(sandbox: Sandbox, api_key: str = API_KEY, account_id: str = ACCOUNT_ID, **options: Any) -> LinkUp:
    account = Account(
        f"{sandbox.url}/linkup",
        {"api_key": api_key, "account_id": account_id},
        {"job_ids": JOBS, **options},
        allowed_hosts=frozenset({"127.0.0.1"}),
    )
    return LinkUp(account, sleep=lambda seconds: None)


def walk(provider: LinkUp, stream: str = "candidates") -> tuple[list, list]:
    found, pages, cursor = [], [], None
    while True:
        pages.append(provider.fetch(stream, cursor=cursor, since=None))
        found += pages[-1].rows
        cursor = pages[-1].next_cursor
        if cursor is None:
            return found, pages


def of(sandbox: Sandbox, case: str, job_id: str = JOBS[0]) -> str:
    return f"{job_id}:{sandbox.linkup.special(case)}"


def test_the_credentials_are_good_and_say_whose_they_are(provider):
    check = provider.check()
    assert check.detail == f"Connected to the LinkedIn account of Northwind Talent. {CREDITS:,} credits left."
    assert check.facts["credits_left"] == CREDITS


@pytest.mark.parametrize(
    "given, code",
    [
        ({"api_key": "wrong"}, "wrong_key"),
        ({"account_id": "000000000000000000000000"}, "wrong_account"),
        ({"account_id": INACTIVE_ACCOUNT}, "reconnect"),
    ],
)
def test_bad_credentials_are_told_apart(sandbox, given, code):
    linkup = connect(sandbox, **given)
    assert (linkup.check().ok, linkup.check().code) == (False, code)
    with pytest.raises(Denied):
        linkup.fetch("candidates", cursor=None, since=None)
    linkup.close()


def test_everybody_of_every_job_is_read_once_and_paid_for(sandbox, provider):
    found, pages = walk(provider)
    listed = {f"{job}:{each}" for job in JOBS for each in sandbox.linkup.listed(job)}

    assert {row.external_id for row in found} == listed
    assert len(found) == len(listed) == pages[-1].total
    assert not any(isinstance(row, Malformed) for row in found)
    counts = {f"candidates/{job}": len(sandbox.linkup.listed(job)) for job in JOBS}
    assert sum(each.cost for each in pages) == provider.forecast(counts) - 1 == CREDITS - sandbox.linkup.store.credits


def test_jobs_come_with_their_titles_and_states(provider):
    found, pages = walk(provider, "jobs")
    assert [(row.fields["title"], row.fields["status"]) for row in found][:2] == [
        ("Warehouse Manager", "open"),
        ("Data Analyst", "open"),
    ]
    assert [row.fields["status"] for row in found] == ["open", "open", "open", "closed", "draft"]
    assert sum(each.cost for each in pages) == 1


def test_the_hand_made_cases_arrive_as_they_are(sandbox, provider):
    found = {row.external_id: row for row in walk(provider)[0]}
    top = found[of(sandbox, "top choice")].applications[0].fields
    assert top["top_choice"] is True
    assert "\n\n" in top["top_choice_message"]
    assert found[of(sandbox, "empty headline")].fields["headline"] == ""
    assert found[of(sandbox, "no experience")].fields["experiences"] == []
    assert found[of(sandbox, "hidden")].fields["full_name"] == "LinkedIn Member"
    assert found[of(sandbox, "right to left")].fields["first_name"] == "مريم"
    assert any(entry["current"] for entry in found[of(sandbox, "top choice")].fields["experiences"])
    assert found[of(sandbox, "top choice")].applications[0].fields["applied_at"] is not None


def test_both_spellings_of_a_good_rating_are_kept_as_they_come(sandbox, provider):
    before = {row.applications[0].fields["upstream_rating"] for row in walk(provider)[0]}
    sandbox.linkup.switch(rating_words="GOOD_FIT", extras=False)
    rows = walk(provider)[0]
    after = {row.applications[0].fields["upstream_rating"] for row in rows}

    assert before == {"UNRATED", "GOOD", "MAYBE", "NOT_A_FIT"}
    assert after == {"UNRATED", "GOOD_FIT", "MAYBE", "NOT_A_FIT"}
    assert all("applied_at" not in row.applications[0].fields for row in rows)


def test_what_changes_between_two_walks_is_seen_and_nothing_else(sandbox, provider):
    def prints() -> dict[str, str]:
        found, cursor = {}, None
        while True:
            page = provider.fetch("candidates", cursor=cursor, since=None)
            found |= {row.external_id: row.fingerprint for row in page.rows.unread}
            cursor = page.next_cursor
            if cursor is None:
                return found

    before = prints()
    sandbox.linkup.next_run()
    after = prints()

    gone = of(sandbox, "disappears")
    assert before.keys() - after.keys() == {gone}
    assert {key for key in after if after[key] != before[key]} == {
        of(sandbox, "changes slug"),
        of(sandbox, "changes rating"),
    }


def test_people_who_apply_during_a_walk_shift_it_and_the_total_tells(sandbox, provider):
    sandbox.linkup.switch(arrivals=3)
    found, pages = walk(provider)
    ids = [row.external_id for row in found]
    listed = sum(len(sandbox.linkup.listed(job)) for job in JOBS)

    assert len(set(ids)) < len(ids)  # somebody was seen twice, at the seam of two pages
    assert len(set(ids)) < pages[-1].total == listed


@pytest.mark.parametrize(
    "fault, kind",
    [
        ("cloudflare", Unavailable),
        ("internal", Unavailable),
        ("drop", Unavailable),
        ("cut", Unavailable),
        ("html", Garbled),
        ("garbage", Garbled),
        ("other_account", Garbled),
        ("rate_limit", RateLimited),
        ("no_credits", OutOfCredits),
        ("inactive", Denied),
        ("wrong_key", Denied),
    ],
)
def test_faults_are_typed(sandbox, provider, fault, kind):
    sandbox.linkup.faults.set(fault, times=None)
    with pytest.raises(ProviderError) as caught:
        provider.fetch("candidates", cursor=None, since=None)
    assert type(caught.value) is kind


def test_a_fault_that_passes_is_not_noticed(sandbox, provider):
    for fault in ("internal", "cut"):
        sandbox.linkup.faults.set(fault)
    assert len(provider.fetch("candidates", cursor=None, since=None).rows) == 100


def test_rows_that_are_spoiled_are_read_as_far_as_they_go_or_set_aside(sandbox, provider):
    sandbox.linkup.faults.set("bad_row", "get_candidates")
    first = provider.fetch("candidates", cursor=None, since=None).rows[0]
    sandbox.linkup.faults.set("no_id", "get_candidates")
    page = provider.fetch("candidates", cursor=None, since=None)

    assert (first.fields["experiences"], first.custom_fields["linkup"]["experiences"]) == ([], "none")
    assert first.applications[0].fields["upstream_rating"] == "17"
    assert [isinstance(row, Malformed) for row in page.rows[:2]] == [True, False]


def test_an_offset_that_repeats_or_a_list_that_ends_early_shows_in_the_total(sandbox, provider):
    for fault in ("repeat_offset", "early_end", "empty_page"):
        sandbox.linkup.faults.set(fault, "get_candidates")
        found, pages = walk(provider)
        assert len({row.external_id for row in found}) < pages[-1].total


def test_no_more_is_asked_for_than_is_allowed_nor_given_than_is_paid(sandbox, provider):
    provider.allowance = 3
    page = provider.fetch("candidates", cursor=None, since=None)
    sandbox.linkup.set_credits(2)
    provider.allowance = None
    with pytest.raises(OutOfCredits):
        provider.fetch("candidates", cursor=None, since=None)

    assert (len(page.rows), page.cost) == (30, 3)
    assert sandbox.linkup.store.credits == 2  # errors cost nothing


def test_a_job_that_linkedin_does_not_have_is_read_to_its_end(sandbox):
    linkup = connect(sandbox, job_ids=["1", JOBS[2]])
    assert {row.applications[0].job_external_id for row in walk(linkup)[0]} == {JOBS[2]}
    linkup.close()


@pytest.mark.parametrize(
    "case, start",
    [("top choice", b"%PDF"), ("word as pdf", b"PK\x03\x04"), ("slow cv", b"%PDF"), ("no cv", None)],
)
def test_cvs_are_real_files_whatever_their_label_says(sandbox, provider, case, start):
    key = of(sandbox, case)
    found = provider.fetch_file(FileOrder(key, key, key))
    if start is None:
        assert found is None
    else:
        assert found.content.startswith(start) or found.content.startswith(b"PK\x03\x04")
        assert (found.cost, case != "word as pdf" or found.name == "") == (1, True)


def test_a_cv_of_somebody_who_withdrew_is_none(sandbox, provider):
    key = of(sandbox, "disappears")
    sandbox.linkup.next_run()
    assert provider.fetch_file(FileOrder(key, key, key)) is None


def test_too_many_calls_a_minute_are_refused(sandbox, provider):
    sandbox.linkup.switch(per_minute=2)
    for _ in range(2):
        provider.fetch("candidates", cursor=None, since=None)
    with pytest.raises(RateLimited):
        provider.fetch("candidates", cursor=None, since=None)


def test_postings_can_be_chosen_from(provider):
    assert [(job.id, job.title) for job in provider.postings()] == [
        (posting.job_id, posting.title) for posting in POSTINGS
    ]


def test_a_refused_job_is_named_when_the_others_were_read(sandbox, provider):
    sandbox.linkup.faults.set("channel", "get_candidates")
    with pytest.raises(Refused) as caught:
        walk(provider)
    assert caught.value.code == "job_refused"
