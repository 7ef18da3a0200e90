"""What the documents promise about the code."""

import re

from django.conf import settings

DOCS = settings.BASE_DIR / "docs"


def test_every_variable_of_the_settings_has_a_line_in_the_configuration():
    read = r"env\.(?:str|int|bool|list|db|cache_url|email_url)\(\s*[\"']([A-Z_]+)[\"']"
    asked = set(re.findall(read, (settings.BASE_DIR / "recruitment/settings.py").read_text()))
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (DOCS / "configuration.md").read_text(), re.MULTILINE))
    assert asked == told


def test_links_between_documents_lead_somewhere():
    pages = [*settings.BASE_DIR.glob("*.md"), *DOCS.rglob("*.md")]
    broken = [
        (page.name, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []
