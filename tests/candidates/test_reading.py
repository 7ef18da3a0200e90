"""The text of a file: taken out by a process that can be killed, found by the search, erased (C04–C10)."""

import http.server
import io
import threading
import time

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from candidates.domain import file_texts
from candidates.domain.attachments import add_attachment, remove_attachment
from candidates.domain.erasure import erase_candidate
from candidates.domain.search import MOST_FILE_WORDS, file_words
from candidates.domain.structure import DOCX, ODT, PDF, RTF, TEXT
from candidates.models import Attachment, AttachmentText, Candidate
from candidates.reading import text_of
from tests import factories as make
from tests import hostile
from tests.api import Api, ids
from tests.candidates.views.screens import signed_in


def read(content, content_type, **options):
    return text_of(io.BytesIO(content), content_type, **options)


@pytest.mark.parametrize(
    "content, content_type, text",
    [
        (hostile.pdf(["Élodie Brûlé", "Kubernetes"]), PDF, "Élodie Brûlé\nKubernetes"),
        (hostile.docx(["Grace", "Python & Go", "日本語"]), DOCX, "Grace\nPython & Go\n日本語"),
        (hostile.odt("Ada"), ODT, "Ada"),
        (hostile.rtf("wor\\'e9ld\\par \\u26085?\\b x\\b0"), RTF, "woréld\n日x"),
        ("\ufeffÉl\r\n\r\n\r\nx".encode(), TEXT, "Él\n\nx"),
        (hostile.scripted_pdf(), PDF, "Kubernetes"),
        (hostile.png(), "image/png", None),
    ],
)
def test_text_is_taken_out(content, content_type, text):
    assert read(content, content_type) == text


@pytest.mark.parametrize(
    "content, content_type",
    [
        (hostile.word(document=hostile.laughing()), DOCX),
        (hostile.endless_pdf(), PDF),
        (hostile.encrypted_pdf(), PDF),
        (hostile.understated(hostile.word("Hello")), DOCX),
        (b"%PDF-1.4\n%%EOF", PDF),
    ],
)
def test_what_cannot_be_read_ends_soon_and_says_nothing(content, content_type):
    started = time.monotonic()

    assert read(content, content_type) is None
    assert time.monotonic() - started < 60


def test_a_tree_of_a_hundred_thousand_pages_is_left_when_the_time_is_over():
    started = time.monotonic()

    assert read(hostile.wide_pdf(), PDF, seconds=0.5) is None
    assert time.monotonic() - started < 30


def test_nothing_is_fetched_and_no_file_of_ours_is_read(tmp_path):
    asked = []

    class Canary(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for target in (f"http://127.0.0.1:{server.server_port}/x", secret.as_uri()):
            assert read(hostile.word(document=hostile.reaching(target)), DOCX) is None
            linked = {
                "word/_rels/document.xml.rels": f'<Relationships><x Target="{target}" TargetMode="External"/></R>'
            }
            assert read(hostile.word("Hello", **linked), DOCX) == "Hello"
        server.shutdown()
    assert asked == []


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


@pytest.fixture
def ana(db):
    return make.make_member(role="recruiter")


def upload(person, member, content=None, name="cv.pdf", **fields):
    content = hostile.pdf(["Kubernetes, Rust und Brûlée"]) if content is None else content
    return add_attachment(person, ContentFile(content), member=member, file_name=name, **fields)


def found(member, text):
    return set(Candidate.objects.visible_to(member).search(text, member).values_list("full_name", flat=True))


def test_people_are_found_by_what_their_files_say(ana):
    ada, _bob = make.make_candidate(ana.workspace, "Ada Lovelace"), make.make_candidate(ana.workspace, "Bob")
    upload(ada, ana)
    assert found(ana, "kubernetes") == set()

    assert file_texts.read_due() == 1

    for words in ("kubernetes", "KUBER", "brulee", "ada rust"):
        assert found(ana, words) == {"Ada Lovelace"}
    assert ids(Api(ana).get("candidates/?search=rust")) == [str(ada.pk)]
    assert "Ada Lovelace" in signed_in(ana).get("/candidates/?q=rust").content.decode()
    assert found(ana, "haskell") == set()


def test_reviewers_and_other_teams_find_nobody_by_files(ana):
    ada = make.make_candidate(ana.workspace, "Ada Lovelace")
    job = make.make_job(ana.workspace)
    make.make_application(ada, job)
    rob = make.make_member(ana.workspace, "reviewer")
    make.join_job(job, rob)
    upload(ada, ana)
    file_texts.read_due()

    assert found(rob, "ada") == {"Ada Lovelace"}
    assert found(rob, "kubernetes") == set()
    assert found(make.make_member(role="admin"), "kubernetes") == set()


def test_a_file_is_read_once_and_another_worker_finds_nothing_to_do(ana):
    made = upload(make.make_candidate(ana.workspace), ana)

    assert [file_texts.read(made.pk), file_texts.read(made.pk), file_texts.read_due()] == [True, False, 0]
    made.refresh_from_db()
    assert (made.text_state, made.due_at, made.lease_token) == ("read", None, None)


def test_a_file_that_killed_its_workers_is_given_up(ana):
    made = upload(make.make_candidate(ana.workspace), ana)
    Attachment.objects.filter(pk=made.pk).update(attempts=3, lease_until=timezone.now())

    file_texts.read_due()

    made.refresh_from_db()
    assert made.text_state == "none"
    page = signed_in(ana).get(f"/candidates/{made.candidate_id}/?tab=cv").content.decode()
    assert "Preview not available" in page


def test_a_worker_that_lost_its_lease_writes_nothing(ana, monkeypatch):
    made = upload(make.make_candidate(ana.workspace), ana)

    def slow(*_):
        Attachment.objects.filter(pk=made.pk).update(lease_token=None)
        return "late"

    monkeypatch.setattr(file_texts.reading, "text_of", slow)
    file_texts.read(made.pk)

    assert AttachmentText.objects.count() == 0


def test_erasing_and_removing_take_the_words_along(ana):
    admin = make.make_member(ana.workspace, "admin")
    ada, bob = (make.make_candidate(ana.workspace, name) for name in ("Ada", "Bob"))
    upload(ada, ana)
    kept = upload(bob, ana, hostile.docx(["Kubernetes"]), "cv.docx")
    file_texts.read_due()

    erase_candidate(ada, member=admin, confirm="Ada")
    assert (found(ana, "kubernetes"), AttachmentText.objects.count()) == ({"Bob"}, 1)
    assert Candidate.objects.get(pk=ada.pk).file_words == ""
    remove_attachment(kept, member=ana)
    assert (found(ana, "kubernetes"), AttachmentText.objects.count()) == (set(), 0)


def test_a_file_that_was_being_read_while_its_person_was_erased_leaves_nothing(ana, monkeypatch):
    admin = make.make_member(ana.workspace, "admin")
    ada = make.make_candidate(ana.workspace, "Ada")
    made = upload(ada, ana)

    def meanwhile(*_):
        erase_candidate(ada, member=admin, confirm="Ada")
        return "kubernetes"

    monkeypatch.setattr(file_texts.reading, "text_of", meanwhile)
    file_texts.read(made.pk)

    assert (AttachmentText.objects.count(), found(ana, "kubernetes")) == (0, set())


def test_words_are_few_and_different():
    assert file_words(["Python, Python; (C++) C# a", "python Élodie’s"]) == "python c++ c# elodie’s"
    assert len(file_words(" ".join(f"word{n}" for n in range(5_000)).split("\n"))) <= MOST_FILE_WORDS


def test_the_text_is_shown_where_no_viewer_can_show_the_file(ana):
    ada = make.make_candidate(ana.workspace, "Ada")
    letter = upload(ada, ana, hostile.docx(["Dear <b>team</b>"]), "letter.docx", kind="cover_letter")
    cv = upload(ada, ana, kind="cv")
    file_texts.read_due()

    first = signed_in(ana).get(f"/candidates/{ada.pk}/?tab=cv").content.decode()
    assert f'src="/attachments/{cv.pk}/?inline=1" title="cv.pdf"' in first
    second = signed_in(ana).get(f"/candidates/{ada.pk}/?tab=cv&file={letter.pk}").content.decode()
    assert "Dear &lt;b&gt;team&lt;/b&gt;" in second
    assert "<iframe" not in second
