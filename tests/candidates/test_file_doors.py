"""Every file passes one door: browser, API, admin, provider (dangers C01–C03, C06, C07, C11, C12)."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candidates.domain.attachments import store_file
from candidates.models import Attachment
from recruitment.errors import DomainError
from recruitment.models import User
from tests import factories as make
from tests.api import Api
from tests.candidates.views.screens import signed_in
from tests.hostile import NAMES, REFUSED, docx, pdf, png

pytestmark = pytest.mark.django_db
DOORS = ("browser", "api", "admin", "provider")


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


@pytest.fixture
def ana():
    return make.make_member(role="recruiter")


@pytest.fixture
def ada(ana):
    return make.make_candidate(ana.workspace, "Ada Lovelace")


@pytest.fixture
def bring(ana, ada, client):
    """Bring a file in by one of the doors; answers the refusal's words, or nothing."""

    def by_browser(name, content):
        page = signed_in(ana)
        file = SimpleUploadedFile(name, content)
        answer = page.post(f"/candidates/{ada.pk}/attachments/", {"file": file, "kind": "cv"}, follow=True)
        assert answer.status_code == 200
        said = [str(message) for message in answer.context["messages"]]
        return "" if said == ["The file is kept."] else said[0]

    def by_api(name, content):
        file = SimpleUploadedFile(name, content)
        answer = Api(ana).post(f"candidates/{ada.pk}/attachments/", {"file": file}, format="multipart")
        return "" if answer.status_code == 201 else answer.json()["errors"][0]["detail"]

    def by_admin(name, content):
        known = User.objects.filter(is_superuser=True).first()
        client.force_login(known or User.objects.create_superuser("staff@example.org", "x"))
        fields = {"workspace": ada.workspace_id, "candidate": ada.pk, "kind": "cv"}
        file = SimpleUploadedFile(name, content)
        answer = client.post(reverse("admin:candidates_attachment_add"), {**fields, "upload": file})
        if answer.status_code == 302:
            return ""
        return str(answer.context["adminform"].form.errors["upload"][0])

    def by_provider(name, content):
        waiting = Attachment(workspace_id=ada.workspace_id, candidate=ada, kind="cv", file_name=name)
        try:
            store_file(waiting, ContentFile(content), name)
        except DomainError as refusal:
            return refusal.message
        return ""

    doors = {"browser": by_browser, "api": by_api, "admin": by_admin, "provider": by_provider}
    return lambda door, name, content: doors[door](name, content)


def kept(store):
    return [path for path in store.rglob("*") if path.is_file()]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_document_is_refused_in_words_and_leaves_nothing(bring, store, door, name):
    assert bring(door, name, REFUSED[name][0])[-1] in ".?"
    assert Attachment.objects.count() == 0
    assert kept(store) == []


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name, content", [("cv.pdf", pdf(["Ada"])), ("cv.docx", docx(["Ada"])), ("me.png", png())])
def test_documents_are_kept_byte_for_byte_under_a_name_of_ours(bring, ada, store, door, name, content):
    assert bring(door, name, content) == ""

    made = Attachment.objects.get()
    assert made.file_name == name
    assert [str(path.relative_to(store)) for path in kept(store)] == [f"attachments/{ada.workspace_id}/{made.pk}"]
    assert kept(store)[0].read_bytes() == content


@pytest.mark.parametrize("door", DOORS)
def test_the_limit_is_exact_at_every_door(bring, store, settings, door):
    settings.ATTACHMENT_MAX_BYTES = 2_000
    content = pdf(["Ada"])

    assert bring(door, "over.pdf", content + b" " * (2_001 - len(content))) == "A file has at most 0 MB."
    assert kept(store) == []
    assert bring(door, "exact.pdf", content + b" " * (2_000 - len(content))) == ""


def test_a_body_that_is_announced_as_too_large_is_not_read(ana, ada, store, settings):
    settings.ATTACHMENT_MAX_BYTES = 2_000
    file = SimpleUploadedFile("cv.pdf", b"%PDF-" + b"x" * 200_000)

    answer = signed_in(ana).post(f"/candidates/{ada.pk}/attachments/", {"kind": "cv", "file": file}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == ["A file has at most 0 MB."]
    assert kept(store) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_shown(ana, ada, name):
    made = store_file(Attachment(workspace_id=ada.workspace_id, candidate=ada), ContentFile(pdf(["Ada"])), name)

    assert made.file_name == NAMES[name]
    answer = Api(ana).get(f"attachments/{made.pk}/")
    assert "\r" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment; filename")
    page = signed_in(ana).get(f"/candidates/{ada.pk}/?tab=cv").content.decode()
    assert "<img src=x" not in page


def test_the_admin_shows_what_is_stored_and_takes_the_bytes_along(bring, ada, store, client):
    bring("admin", "cv.pdf", pdf(["Ada"]))
    made = Attachment.objects.get()

    page = client.get(reverse("admin:candidates_attachment_change", args=[made.pk]))
    assert 'type="file"' not in page.content.decode()
    client.post(reverse("admin:candidates_attachment_delete", args=[made.pk]), {"post": "yes"})
    assert Attachment.objects.count() == 0
