import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/vendor/icons.svg").read_text()))
    named = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'_icon\.html" with name="([a-z0-9-]+)"', template.read_text())
    }

    assert named - drawn == set()
    assert named
