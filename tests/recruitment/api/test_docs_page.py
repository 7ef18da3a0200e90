"""The page of the API document works under the site's own content policy."""

import pytest

from tests import factories as make

# Swagger sets styles from its script, which the policy refuses; the page can be read without them.
HARMLESS = "Applying inline style violates"


@pytest.mark.django_db(transaction=True)
def test_the_page_lists_the_operations_and_asks_no_other_host(page, sign_in, watch):
    watch.expect(HARMLESS)
    sign_in(make.make_member(make.make_workspace()).user)

    page.goto("/api/v1/docs/")
    page.wait_for_selector(".opblock-summary-path")

    assert page.locator(".opblock").count() > 60
    assert page.locator("text=/api/v1/applications/{id}/move/").count() == 1
