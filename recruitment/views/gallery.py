"""Every shared piece in every state, on one page. Only with DEBUG; templates/components/gallery.html."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from recruitment.templatetags.quorum import HEALTHS, PUSHES, VERDICTS

# Long, foreign, right to left, one word, signs, nothing.
NAMES = (
    "Mina Petrov",
    "Jean-Baptiste Grégoire Lefèvre-Montmorency",
    "Ọlá Tìjání-Adébáyọ̀",
    "王芳 (Wang Fang)",
    "محمد عبد الرحمن الخطيب",
    "שרה כהן",
    "Влади́мир Соловьёв",
    "Θεοδώρα Παπαδοπούλου",
    "Nguyễn Thị Minh Khai",
    "Björk",
    "김서연",
    "🙂",
    "",
)


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As it stands on the contract.")
    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(choices=[("recruiter", "Recruiter"), ("reviewer", "Reviewer")])
    blind = forms.BooleanField(label="Blind review", help_text="Nobody sees others' verdicts before giving their own.")
    stages = forms.MultipleChoiceField(
        choices=[("a", "Phone screen"), ("b", "On site")], widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(widget=forms.Textarea, required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    return render(request, "components/gallery.html", sample())


def sample() -> dict[str, Any]:
    broken = SampleForm({"email": "ana@", "name": "", "role": "owner"}, auto_id="broken_%s")
    broken.add_error(None, "This invitation was withdrawn while you were typing.")
    now = timezone.now()
    return {
        "names": NAMES,
        "form": SampleForm(initial={"name": NAMES[1]}),
        "broken": broken,
        "verdicts": [*VERDICTS, ""],
        "pushes": list(PUSHES),
        "healths": list(HEALTHS),
        "moments": [
            now,
            now - timedelta(minutes=4),
            now - timedelta(hours=5),
            now - timedelta(days=3),
            now - timedelta(days=500),
        ],
        "tabs": [
            {"label": "Profile", "url": "#", "current": True, "count": None},
            {"label": "CV", "url": "#", "count": None},
            {"label": "Answers", "url": "#", "count": 3},
            {"label": "Discussion", "url": "#", "count": 128},
            {"label": "Activity", "url": "#", "count": None},
        ],
        "nav": "review",
    }
