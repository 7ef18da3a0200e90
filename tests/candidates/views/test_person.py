"""The page of a person: what is known, where it comes from, and editing it without losing anybody's words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from candidates.models import Activity, Attachment, Candidate, OutboxEntry
from recruitment.models import Role
from tests import factories as make
from tests.candidates.views.screens import MOST, queries_of, signed_in

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def job():
    return make.make_job(make.make_workspace(), "Planner")


@pytest.fixture
def recruiter(job):
    return make.make_member(job.workspace, Role.RECRUITER, full_name="Lena Brandt")


@pytest.fixture
def mina(job):
    return make.make_candidate(job.workspace, "Mina Petrov", email="mina@example.org", headline="Runs dispatch")


def url(name, person, **query):
    return reverse(f"candidates:{name}", args=[person.pk], query=query or None)


def page(member, person, **query):
    return signed_in(member).get(url("candidate", person, **query)).content.decode()


class TestPage:
    def test_tags_and_talent_pools_stand_there_by_name(self, recruiter, mina, job):
        make.tag_candidate(mina, make.make_tag(job.workspace, "SQL"))
        for name in ("مواهب الدعم", "Alumni <2026>"):
            make.pool_candidate(mina, make.make_pool(job.workspace, name))
        shown = page(recruiter, mina)
        assert all(words in shown for words in ("SQL", "مواهب الدعم", "Alumni &lt;2026&gt;"))
        assert shown.index("Alumni &lt;2026&gt;") < shown.index("مواهب الدعم")

    def test_each_application_says_its_stage_outcome_and_how_the_push_stands(self, recruiter, mina, job):
        application = make.make_application(mina, job, stage="Interview")
        entry = make.make_push(
            make.make_record(make.make_source(job.workspace), application),
            recruiter,
            "move",
            state="confirmed",
            decision=make.make_decision(mina, recruiter, application=application),
        )
        make.make_application(
            mina,
            make.make_job(job.workspace, "Operations Manager"),
            outcome="rejected",
            rejection_reason_text="Salary",
            rejected_at=timezone.now() - timedelta(days=2),
        )
        shown = page(recruiter, mina)
        assert ("In Kombo" in shown, url("push", entry) in shown) == (True, True)
        assert ("Operations Manager" in shown, "Rejected" in shown, "Salary" in shown) == (True, True, True)

    def test_a_value_says_where_it_came_from(self, recruiter, mina, job):
        source = make.make_source(job.workspace, "Greenhouse")
        make.make_record(source, mina, url="https://ats.example/mina")
        at = (timezone.now() - timedelta(hours=2, minutes=5)).isoformat()
        mina.provenance = {"emails": {"source": str(source.pk), "at": at}}
        mina.save()
        shown = page(recruiter, mina)
        assert "E-mail: </span>Kombo, <time" in shown
        assert 'href="https://ats.example/mina"' in shown

    def test_a_difference_between_both_sides_is_named_at_its_source(self, recruiter, mina, job):
        source = make.make_source(job.workspace, "Greenhouse")
        make.make_record(source, mina)
        make.make_conflict(source, mina, "phones")
        assert "Differs in phone" in page(recruiter, mina)

    def test_links_that_a_browser_must_not_follow_are_no_links(self, recruiter, mina):
        mina.links = [{"value": "javascript:alert(1)", "kind": ""}, {"value": "https://mina.example", "kind": ""}]
        mina.save()
        shown = page(recruiter, mina)
        assert ("javascript:alert" in shown, 'href="https://mina.example"' in shown) == (False, True)

    def test_what_sources_sent_is_text_and_never_markup(self, recruiter, mina, job):
        evil = "<img src=x onerror=alert(1)>"
        mina.headline, mina.custom_fields, mina.skills = evil, {evil: [evil, {"a": evil}]}, [evil]
        mina.experiences = [{"title": evil, "company": evil, "description": evil, "raw": evil}]
        mina.save()
        make.make_application(mina, job, top_choice=True, top_choice_message=evil)
        assert evil not in page(recruiter, mina)

    def test_odd_shapes_that_sources_send_do_not_break_it(self, recruiter, mina):
        mina.experiences = [{}, "text", {"start": "soon", "end": None}, {"start": "2030-13", "current": True}]
        mina.compensation = {"expected": "negotiable", "currency": None}
        mina.availability = {"last_working_day": "not a day at all", "in_notice_period": None}
        mina.provenance = {"emails": {}, "phones": None, "headline": {"source": "gone", "at": "never"}}
        mina.save()
        assert signed_in(recruiter).get(url("candidate", mina)).status_code == 200

    def test_what_a_source_says_of_an_application_reads_as_words(self, recruiter, mina):
        application = make.make_application(mina, upstream_status="Round 2")
        application.scores = {"match": 64.5, "screening": 71}
        application.events = {"shortlisted_at": "2026-01-04T12:00:00Z", "updated_at": "2026-01-05T12:00:00Z", "odd": 7}
        application.save()
        shown = signed_in(recruiter).get(f"{url('candidate', mina)}?tab=answers").content.decode()
        for label, value in (("Status", "Round 2"), ("Match score", "64.5"), ("Shortlisted", "4 January 2026")):
            assert f"<dt>{label}</dt><dd><bdi>{value}</bdi></dd>" in shown
        assert "5 January 2026" not in shown

    def test_pay_that_a_source_hides_is_named_as_hidden(self, recruiter, mina):
        source = make.make_source(mina.workspace, "Talynce", provider_label="Talynce")
        make.make_record(source, mina)
        stamp = {"source": str(source.pk), "at": "2026-01-05T08:30:00+00:00", "hidden": True}
        mina.provenance = {**mina.provenance, "compensation": stamp}
        mina.save()
        assert "<dt>Pay</dt><dd>Hidden by Talynce</dd>" in page(recruiter, mina)

    def test_pay_in_lakhs_is_said_as_people_say_it(self, recruiter, mina):
        mina.compensation = {"current": 16, "expected": 21.5, "currency": "INR", "period": "year", "unit": "LPA"}
        mina.save()
        shown = page(recruiter, mina)
        assert "<dd>16 LPA</dd>" in shown.replace("\n", "")
        assert "21.5 LPA" in shown

    def test_pay_and_availability_read_as_words(self, recruiter, mina):
        mina.compensation = {"expected": 62000, "currency": "EUR", "period": "year"}
        mina.availability = {"notice_period_days": 60, "last_working_day": "2027-01-31"}
        mina.save()
        shown = page(recruiter, mina)
        assert "62,000 EUR a year" in shown
        assert ("60 days" in shown, "31 January 2027" in shown) == (True, True)

    def test_the_activity_names_who_did_it(self, recruiter, mina):
        signed_in(recruiter).post(url("tag", mina), {"name": "remote"})
        assert "<bdi>Lena Brandt</bdi></b> tagged them" in page(recruiter, mina, tab="activity")

    def test_private_notes_of_others_are_not_there(self, recruiter, mina, job):
        other = make.make_member(job.workspace)
        make.make_note(mina, other, "Only for me", visibility="private")
        make.make_note(mina, other, "For the team")
        shown = page(recruiter, mina, tab="discussion")
        assert ("Only for me" in shown, "For the team" in shown) == (False, True)

    def test_a_tab_alone_is_a_fragment(self, recruiter, mina):
        answer = signed_in(recruiter).get(url("candidate", mina, tab="cv"), headers={"HX-Request": "true"})
        assert answer.content.decode().startswith('<section id="person"')

    def test_a_reviewer_of_another_job_finds_nothing(self, mina, job):
        make.make_application(mina, job)
        stranger = signed_in(make.make_member(job.workspace, Role.REVIEWER))
        assert stranger.get(url("candidate", mina)).status_code == 404
        assert stranger.post(url("note", mina), {"text": "Hello"}).status_code == 404

    def test_somebody_of_another_workspace_finds_nothing(self, mina):
        assert signed_in(make.make_member(role=Role.ADMIN)).get(url("candidate", mina)).status_code == 404

    @pytest.mark.parametrize("tab", ["profile", "cv", "answers", "discussion", "activity"])
    def test_it_takes_the_same_few_queries_with_1_and_with_30_of_everything(self, recruiter, mina, job, tab):
        source = make.make_source(job.workspace)

        def add(number):
            for _ in range(number):
                application = make.make_application(mina, make.make_job(job.workspace))
                make.make_record(source, mina)
                make.make_push(make.make_record(source, application), recruiter, "move", state="confirmed")
                make.make_note(mina, recruiter, application=application)
                make.make_attachment(mina)
                make.tag_candidate(mina, make.make_tag(job.workspace, f"tag of {application.pk}"))

        client, address = signed_in(recruiter), url("candidate", mina, tab=tab)
        add(1)
        one = queries_of(client, address)
        add(29)
        assert queries_of(client, address) == one
        assert one <= MOST


class TestEdit:
    BASE = {"base-full_name": "Mina Petrov", "base-headline": "Runs dispatch", "base-emails": "mina@example.org"}
    FORM = {**BASE, "full_name": "Mina Petrov", "headline": "Runs dispatch", "emails": "mina@example.org"}

    def test_only_what_was_changed_is_written(self, recruiter, mina):
        answer = signed_in(recruiter).post(url("candidate_edit", mina), {**self.FORM, "headline": "Leads dispatch"})
        mina.refresh_from_db()
        assert (answer.status_code, mina.headline, mina.full_name) == (302, "Leads dispatch", "Mina Petrov")
        assert Activity.objects.get(verb="edited").data == {"fields": {"headline": ["Runs dispatch", "Leads dispatch"]}}

    def test_kinds_of_addresses_stay(self, recruiter, mina):
        Candidate.objects.update(emails=[{"value": "mina@example.org", "kind": "work"}])
        typed = {**self.FORM, "emails": "mina@example.org\r\nm@example.net"}
        signed_in(recruiter).post(url("candidate_edit", mina), typed)
        mina.refresh_from_db()
        assert mina.emails == [
            {"value": "mina@example.org", "kind": "work"},
            {"value": "m@example.net", "kind": ""},
        ]

    def test_when_somebody_was_faster_both_texts_are_shown_and_nothing_is_written(self, recruiter, mina):
        Candidate.objects.update(headline="Theirs meanwhile")
        answer = signed_in(recruiter).post(url("candidate_edit", mina), {**self.FORM, "headline": "Mine"})
        shown = answer.content.decode()
        assert answer.status_code == 409
        assert ("Theirs meanwhile" in shown, 'value="Mine"' in shown) == (True, True)
        mina.refresh_from_db()
        assert mina.headline == "Theirs meanwhile"

    @pytest.mark.parametrize("keep, kept", [("yours", "Mine"), ("theirs", "Theirs meanwhile")])
    def test_who_saves_again_chooses(self, recruiter, mina, keep, kept):
        Candidate.objects.update(headline="Theirs meanwhile")
        again = {**self.FORM, "headline": "Mine", "base-headline": "Theirs meanwhile", "keep-headline": keep}
        signed_in(recruiter).post(url("candidate_edit", mina), again)
        mina.refresh_from_db()
        assert mina.headline == kept

    def test_fields_that_nobody_else_touched_merge(self, recruiter, mina):
        Candidate.objects.update(full_name="Mina Petrova")
        signed_in(recruiter).post(url("candidate_edit", mina), {**self.FORM, "headline": "Mine"})
        mina.refresh_from_db()
        assert (mina.full_name, mina.headline) == ("Mina Petrova", "Mine")

    def test_what_does_not_fit_is_said_at_the_field_and_kept(self, recruiter, mina):
        answer = signed_in(recruiter).post(url("candidate_edit", mina), {**self.FORM, "emails": "no address"})
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert 'id="emails_error">This isn&#x27;t an e-mail address.' in shown
        assert ">no address</textarea>" in shown

    def test_a_reviewer_may_not(self, mina, job):
        make.make_application(mina, job)
        reviewer = make.make_member(job.workspace, Role.REVIEWER)
        make.join_job(job, reviewer)
        assert signed_in(reviewer).get(url("candidate_edit", mina)).status_code == 403

    def test_editing_tells_nobody_by_itself_who_cannot_be_told(self, recruiter, mina, job):
        make.make_record(make.make_source(job.workspace), mina)
        signed_in(recruiter).post(url("candidate_edit", mina), {**self.FORM, "headline": "Mine"})
        assert not OutboxEntry.objects.filter(settled_at=None).exists()


class TestFiles:
    def test_a_file_is_kept_and_comes_back_as_a_download(self, recruiter, mina):
        client = signed_in(recruiter)
        client.post(url("attach", mina), {"file": SimpleUploadedFile("Mina CV.pdf", PDF), "kind": "cv"})
        kept = Attachment.objects.get()
        answer = client.get(url("download", kept))
        assert (kept.kind, kept.content_type, answer.content) == ("cv", "application/pdf", PDF)
        assert answer.headers["Content-Disposition"] == 'attachment; filename="Mina CV.pdf"'

    def test_a_pdf_is_shown_in_place_in_a_sandbox(self, recruiter, mina):
        kept = make.make_attachment(mina, "cv.pdf", file=ContentFile(PDF, "x"))
        answer = signed_in(recruiter).get(url("download", kept, inline=1))
        assert answer.headers["Content-Disposition"] == 'inline; filename="cv.pdf"'
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert f'src="{url("download", kept, inline=1)}"' in page(recruiter, mina, tab="cv")

    def test_a_program_in_disguise_is_refused_and_not_kept(self, recruiter, mina):
        file = SimpleUploadedFile("cv.pdf", b"MZ\x90\x00 not a document", content_type="application/pdf")
        signed_in(recruiter).post(url("attach", mina), {"file": file, "kind": "cv"})
        assert not Attachment.objects.exists()

    def test_a_file_that_could_not_be_fetched_says_why(self, recruiter, mina):
        make.make_attachment(mina, state="failed", failure="The link had expired.")
        assert "The link had expired." in page(recruiter, mina, tab="cv")

    def test_a_stranger_cannot_download(self, mina):
        kept = make.make_attachment(mina, file=ContentFile(PDF, "x"))
        assert signed_in(make.make_member(role=Role.ADMIN)).get(url("download", kept)).status_code == 404
