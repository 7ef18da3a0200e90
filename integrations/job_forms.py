"""Which LinkedIn jobs are read, and what an import of them may spend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from integrations.models import Connection
from integrations.options import LARGEST_BUDGET, jobs_of_lines, lines_of, named_jobs
from recruitment.errors import DomainError


class BudgetField(forms.IntegerField):
    """Credits that one import may spend; empty for any number."""

    def __init__(self) -> None:
        super().__init__(
            label="Credits that one import may spend",
            min_value=1,
            max_value=LARGEST_BUDGET,
            required=False,
            help_text="Ten applicants cost one credit. An import that has spent so many stops, and the next one goes "
            "on from there. Leave it empty for no limit.",
        )


class JobsField(forms.CharField):
    """One job a line. The cleaned value is the option ``job_ids``."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            max_length=50_000,
            required=False,
            help_text="One a line: the job's number or its LinkedIn address, and if you like a title after it, for "
            "example “4401122334 Warehouse Manager”.",
            widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        )

    def clean(self, value: Any) -> Any:
        try:
            return jobs_of_lines(super().clean(value))
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from None


class JobsForm(forms.Form):
    """``found`` are postings that were looked up, ``(id, title)``: they stand there to be ticked, and the other chosen
    jobs as text. What is ticked comes back as ``<id> <title>``, because nobody keeps what was found."""

    def __init__(
        self, connection: Connection, *args: Any, found: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        chosen, listed = named_jobs(connection.options), dict(found)
        kwargs["initial"] = {
            "jobs": lines_of(job for job in chosen if job[0] not in listed),
            "credit_budget": connection.options.get("credit_budget"),
        }
        super().__init__(*args, **kwargs)
        self.connection = connection
        self.fields["jobs"] = JobsField("Other jobs" if found else "Jobs whose applicants are read")
        self.fields["credit_budget"] = BudgetField()
        ids = {job_id for job_id, _title in chosen}
        self.postings = [(lines_of([job]), job[1], job[0], job[0] in ids) for job in found]

    def changes(self, ticked: Sequence[str]) -> dict[str, Any]:
        """Raises DomainError for a posting that is none."""
        mine = ("job_ids", "credit_budget")
        options = {name: value for name, value in self.connection.options.items() if name not in mine}
        options["job_ids"] = [*jobs_of_lines("\n".join(ticked)), *self.cleaned_data["jobs"]]
        if self.cleaned_data["credit_budget"] is not None:
            options["credit_budget"] = self.cleaned_data["credit_budget"]
        return {"options": options}
