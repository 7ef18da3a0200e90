"""A person, and the marks by which the same person is known elsewhere."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from candidates.querysets import CandidateQuerySet
from recruitment.models import WorkspaceModel

NAMELESS = "No name"


class Candidate(WorkspaceModel):
    """Lists are JSON because a reviewer reads them whole and nobody joins on them; what is searched is in
    ``search_text``.

    ``provenance`` says for each field where its value came from:
    ``{field: {"source": <source id or "">, "at": <ISO time>, "by": <name>?, "hidden": true?}}``; an empty source is a
    person here, whose name is in ``by``.
    """

    full_name = models.CharField(max_length=300, blank=True)
    first_name = models.CharField(max_length=300, blank=True)
    last_name = models.CharField(max_length=300, blank=True)
    headline = models.CharField(max_length=500, blank=True)
    current_company = models.CharField(max_length=300, blank=True)
    current_title = models.CharField(max_length=300, blank=True)
    location = models.JSONField(default=dict, blank=True)  # raw city state zip_code street_1 street_2 country
    emails = models.JSONField(default=list, blank=True)  # [{value, kind}]
    phones = models.JSONField(default=list, blank=True)  # [{value, kind}]
    links = models.JSONField(default=list, blank=True)  # [{value, kind}]
    # [{title, company, company_url, start: "2022-03", end: null, current, description, raw}]
    experiences = models.JSONField(default=list, blank=True)
    skills = models.JSONField(default=list, blank=True)  # ["Python", ...]
    compensation = models.JSONField(default=dict, blank=True)  # {current, expected, currency, period, unit: "LPA"}
    availability = models.JSONField(
        default=dict, blank=True
    )  # {notice_period_days, in_notice_period, last_working_day}
    source_label = models.CharField(max_length=300, blank=True)  # the hiring source, in the upstream's words
    confidential = models.BooleanField(default=False)
    custom_fields = models.JSONField(default=dict, blank=True)
    provenance = models.JSONField(default=dict, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)  # folded: candidates.domain.search
    file_words = models.TextField(blank=True, editable=False)  # of the files' texts: candidates.domain.search
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CandidateQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        indexes = [
            models.Index(fields=["workspace", "-updated_at", "-id"], name="candidate_updated"),
            models.Index(fields=["workspace", "full_name", "id"], name="candidate_name"),
            models.Index(
                fields=["workspace", "-id"], name="candidate_confidential", condition=models.Q(confidential=True)
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.full_name or " ".join(filter(None, [self.first_name, self.last_name])) or NAMELESS

    def get_absolute_url(self) -> str:
        return reverse("candidates:candidate", args=[self.pk])


class CandidateIdentity(WorkspaceModel):
    """A normalised address by which a person can be found: an e-mail, a phone number, a LinkedIn profile."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10)  # email, phone, linkedin
    value = models.CharField(max_length=400)

    class Meta(WorkspaceModel.Meta):
        verbose_name_plural = "candidate identities"
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["candidate", "kind", "value"], name="identity_once"),
        ]
        indexes = [models.Index(fields=["workspace", "kind", "value"], name="identity_lookup")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
