"""Django admin under the site's own content policy: `page` fails on any violation."""

import pytest
from django.apps import apps
from django.urls import reverse

from candidates.domain import decisions
from candidates.models import Job
from recruitment.models import Membership, User
from tests import factories as make

APPS = ("recruitment", "candidates", "integrations")
OURS = [model for app in APPS for model in apps.get_app_config(app).get_models()]

pytestmark = pytest.mark.django_db(transaction=True)


def test_lists_and_forms_of_the_admin_work_under_the_content_policy(page, sign_in, watch):
    watch.expect("favicon.ico")  # the admin names none, and the browser asks for it when it pleases
    staff = User.objects.create_superuser("staff@example.org", "x")
    workspace = make.make_workspace()
    member = make.make_member(workspace)
    make.make_connection(workspace)
    application = make.make_application(make.make_candidate(workspace), make.make_job(workspace))
    make.make_record(make.make_source(workspace), application)
    decisions.move(application, make.stage_of(application.job, "Offer"), member=member)
    sign_in(staff)
    page.goto("/admin/")
    for model in OURS:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        page.goto(reverse(f"{name}_changelist"))
        first = model.objects.first()
        if first is not None:
            page.goto(reverse(f"{name}_change", args=[first.pk]))
    page.goto(reverse("admin:recruitment_user_add"))

    job = Job.objects.get()
    page.goto(reverse("admin:candidates_jobmember_add"))
    with page.expect_popup() as popup:
        page.locator("#lookup_id_member").click()
    popup.value.get_by_role("link", name=member.user.email).click()
    page.locator("#id_workspace").fill(str(workspace.pk))
    page.locator("#id_job").fill(str(job.pk))
    page.get_by_role("button", name="Save", exact=True).click()
    assert [row.member for row in job.team.all()] == [Membership.objects.get(pk=member.pk)]
