"""The words and shapes that every screen shares."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from recruitment.templatetags import quorum
from recruitment.views.gallery import NAMES, SampleForm

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static"


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Mina Petrov", "MP"),
        ("Jean-Baptiste Grégoire Lefèvre-Montmorency", "JL"),
        ("Ọlá Tìjání", "ỌT"),
        ("Björk", "B"),
        ("王芳 (Wang Fang)", "王芳"),
        ("김서연", "김서"),
        ("شيرين نور", "ش\u200cن"),
        ("(Dr) 42", "D"),
        ("🙂", "–"),
        ("  ", "–"),
        (None, "–"),
    ],
)
def test_initials_are_two_signs_of_the_name_or_a_dash(name, expected):
    assert quorum.initials(name) == expected


def test_a_tint_is_the_same_in_every_process():
    assert [quorum.tint(name) for name in ("Mina Petrov", "Asha Rao", "")] == [7, 1, 0]


@pytest.mark.parametrize(
    "back, expected",
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=4, seconds=5), "4 min ago"),
        (timedelta(hours=5, seconds=5), "5 h ago"),
        (timedelta(days=1, seconds=5), "1 day ago"),
        (timedelta(days=3, seconds=5), "3 days ago"),
        (timedelta(minutes=-5, seconds=-5), "in 5 min"),
    ],
)
def test_ago_says_how_long_in_words(back, expected):
    assert re.sub("<.*?>", "", quorum.ago(timezone.now() - back)) == expected


def test_ago_keeps_the_exact_moment():
    moment = timezone.now() - timedelta(days=400)
    assert f'datetime="{moment.isoformat()}"' in quorum.ago(moment)


def test_push_labels_name_the_source():
    assert [quorum.push_label(state, "Kombo") for state in ("waiting", "confirmed", "not_offered", "conflict")] == [
        "Kombo will be told",
        "In Kombo",
        "Kombo can't be told",
        "Kombo has changed",
    ]
    assert quorum.push_label("refused") == "Upstream refused"


def test_querystring_with_changes_and_drops_parameters():
    request = RequestFactory().get("/", {"tag": ["a", "b"], "page": "3"})
    template = Template(
        '{% load quorum %}{% autoescape off %}{% querystring_with page=None sort="name" %}{% endautoescape %}'
    )
    assert template.render(Context({"request": request})) == "?tag=a&tag=b&sort=name"


def test_a_broken_field_is_tied_to_its_error():
    form = SampleForm({"name": ""})
    html = render_to_string("components/_field.html", {"field": form["name"]})
    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert [f'id="{name}"' in html for name in described] == [True, True]
    assert 'aria-invalid="true"' in html


def test_names_are_escaped_wherever_they_stand():
    html = render_to_string("components/_page_header.html", {"title": "<b>Ana</b>"})
    assert "<h1><bdi>&lt;b&gt;Ana&lt;/b&gt;</bdi></h1>" in html


def test_every_sample_name_has_an_avatar():
    for name in NAMES:
        assert render_to_string("components/_avatar.html", {"name": name}).count('class="av') == 1


def test_every_icon_a_template_names_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor/icons.svg").read_text()))
    used = {icon for _, _, icon in [*quorum.VERDICTS.values(), *quorum.PUSHES.values(), *quorum.HEALTHS.values()]}
    used |= {item.icon for item in quorum.NAV}
    for path in TEMPLATES.rglob("*.html"):
        used |= set(re.findall(r'_icon\.html" with name="([^"]+)"', path.read_text()))
    assert used - sprite == set()


def test_no_template_needs_what_the_content_policy_forbids():
    forbidden = re.compile(r'<[^>]*\s(style|on[a-z]+)="|<style|<script(?![^>]*\ssrc=)|\|safe\b')
    assert [path.name for path in TEMPLATES.rglob("*.html") if forbidden.search(path.read_text())] == []
