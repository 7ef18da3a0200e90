import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from candidates.models import Attachment, Job
from tests import factories as make
from tests.api import fault, ids
from tests.hostile import jpeg, png

PDF = b"%PDF-1.7\n%%EOF\n"
PNG = png()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def packed(*members, **sizes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in members:
            archive.writestr(name, b"\x00" * sizes.get("each", 10))
    return buffer.getvalue()


WORD = packed("[Content_Types].xml", "word/document.xml")


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


@pytest.fixture
def ada(cast):
    return cast.applicant().candidate


def upload(api, candidate, name, content, **fields):
    file = SimpleUploadedFile(name, content)
    return api.post(f"candidates/{candidate.pk}/attachments/", {"file": file, **fields}, format="multipart")


@pytest.mark.parametrize(
    "name, content, content_type",
    [
        ("cv.pdf", PDF, "application/pdf"),
        ("photo.png", PNG, "image/png"),
        ("photo.JPG", jpeg(), "image/jpeg"),
        ("cv.docx", WORD, DOCX),
        ("cv.rtf", b"{\\rtf1 hello}", "application/rtf"),
        ("cv.txt", "Élodie\r\n".encode(), "text/plain"),
        ("no-ending", PDF, "application/pdf"),
    ],
)
def test_a_file_goes_in_and_comes_out_byte_for_byte(cast, ada, name, content, content_type):
    made = upload(cast.ana, ada, name, content, kind="cv")

    assert (made.status_code, made.json()["content_type"], made.json()["size"]) == (201, content_type, len(content))
    for reader in (cast.ana, cast.rob):
        assert ids(reader.get(f"candidates/{ada.pk}/attachments/")) == [made.json()["id"]]
        answer = reader.get(made.json()["url"])
        assert (answer.content, answer["Content-Type"]) == (content, content_type)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("cv.php", b"<?php echo 1; ?>", "file_type_mismatch"),
        ("cv.pdf", b"<html><script>alert(1)</script></html>", "file_type_mismatch"),
        ("photo.png", PDF, "file_type_mismatch"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type_mismatch"),
        ("cv.exe", b"MZ\x90\x00\x03\x00", "file_type"),
        ("cv.docx", packed("a.txt"), "file_type"),
        ("cv.docx", WORD[:40], "file_damaged"),
        ("cv.docx", packed("[Content_Types].xml", "word/document.xml", "../../evil.txt"), "file_unsafe"),
        ("cv.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "file_unsafe"),
        ("cv.docx", packed("[Content_Types].xml", "word/document.xml", each=3_000_000), "file_bomb"),
        ("cv.docx", packed(*(f"{number}" for number in range(2001))), "file_bomb"),
        ("cv.pdf", b"", "file_empty"),
    ],
)
def test_what_is_no_document_is_refused_and_leaves_nothing(cast, ada, name, content, code, tmp_path):
    assert fault(upload(cast.ana, ada, name, content)) == (400, code, "file")
    assert Attachment.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_limit_is_exact(cast, ada, settings):
    settings.ATTACHMENT_MAX_BYTES = 1000

    assert upload(cast.ana, ada, "cv.pdf", PDF.ljust(1000)).status_code == 201
    assert fault(upload(cast.ana, ada, "cv.pdf", PDF.ljust(1001))) == (400, "file_too_large", "file")
    assert fault(upload(cast.ana, ada, "cv.pdf", PDF.ljust(100_000))) == (413, "file_too_large", "file")


@pytest.mark.parametrize(
    "name, shown",
    [
        ("../../etc/cv.pdf", "cv.pdf"),
        ("cv\u202efdp.pdf", "cvfdp.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("é" * 200 + ".pdf", "é" * 146 + ".pdf"),
        ('a"; filename=evil.pdf', 'a"; filename=evil.pdf'),
    ],
)
def test_a_name_is_only_shown(cast, ada, name, shown):
    made = make_with_name(cast, ada, name)

    assert made.file_name == shown
    assert made.file.name == f"attachments/{cast.team.pk}/{made.pk}"
    header = cast.ana.get(f"attachments/{made.pk}/")["Content-Disposition"]
    assert "\r" not in header


def make_with_name(cast, ada, name):
    from candidates.domain.attachments import add_attachment

    return add_attachment(ada, ContentFile(PDF), member=cast.recruiter, file_name=name)


def test_the_same_file_twice_is_two_files(cast, ada):
    first, second = (upload(cast.ana, ada, "cv.pdf", PDF).json() for _ in range(2))

    assert first["id"] != second["id"]
    assert first["sha256"] == second["sha256"]


def test_pictures_and_pdf_may_be_shown_in_place(cast, ada):
    picture, text = upload(cast.ana, ada, "a.png", PNG).json(), upload(cast.ana, ada, "a.txt", b"<b>hi</b>").json()

    assert cast.ana.get(f"{picture['url']}?inline=1")["Content-Disposition"].startswith("inline;")
    assert cast.ana.get(f"{text['url']}?inline=1")["Content-Disposition"].startswith("attachment;")


def test_a_file_that_is_gone_is_an_honest_404(cast, ada):
    made = upload(cast.ana, ada, "cv.pdf", PDF).json()
    attachment = Attachment.objects.get()
    attachment.file.storage.delete(attachment.file.name)

    assert fault(cast.ana.get(made["url"])) == (404, "file_missing", None)
    waiting = make.make_attachment(ada, state="waiting")
    assert fault(cast.ana.get(f"attachments/{waiting.pk}/")) == (404, "file_missing", None)


def test_files_have_the_rights_of_their_person(cast, ada):
    made = upload(cast.ana, ada, "cv.pdf", PDF).json()

    assert upload(cast.rob, ada, "cv.pdf", PDF).status_code == 403
    assert upload(cast.zoe, ada, "cv.pdf", PDF).status_code == 404
    assert cast.zoe.get(made["url"]).status_code == 404
    Job.objects.filter(pk=cast.job.pk).update(anonymised=True)
    assert cast.rob.get(made["url"]).status_code == 404
    assert ids(cast.rob.get(f"candidates/{ada.pk}/attachments/")) == []


def test_a_body_without_a_file_is_refused(cast, ada):
    path = f"candidates/{ada.pk}/attachments/"

    assert fault(cast.ana.post(path, {"kind": "cv"}, format="multipart")) == (400, "required", "file")
    assert fault(cast.ana.post(path, {"file": "text"}, format="multipart"))[2] == "file"
    assert cast.ana.post(path, {"file": "x"}).status_code == 415
