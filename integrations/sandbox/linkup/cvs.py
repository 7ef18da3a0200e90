"""CVs as LinkUp delivers them: real files, and labels that can't be trusted (linkup.md section 7)."""

from __future__ import annotations

from integrations.sandbox.documents import docx, is_latin, pdf
from integrations.sandbox.linkup.population import Applicant, experiences
from integrations.sandbox.linkup.store import Store

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def cv(store: Store, applicant: Applicant) -> tuple[bytes, str, str]:
    """Content, content type and file name. No content: none was sent in."""
    if applicant.special == "no cv" or (not applicant.special and applicant.number % 26 == 20):
        return b"", "", ""
    lines = _lines(applicant)
    name = f"{applicant.person.name.replace(' ', '_').replace('/', '-')}_CV"
    if applicant.special == "word as pdf":
        return docx(lines), PDF, ""
    return (pdf(lines), PDF, f"{name}.pdf") if is_latin(lines) else (docx(lines), DOCX, f"{name}.docx")


def is_slow(store: Store, application_id: str) -> bool:
    return application_id == store.special("slow cv")


def _lines(applicant: Applicant) -> list[str]:
    someone, story = applicant.person, applicant.story
    contact = " · ".join([someone.place, *someone.emails, *someone.phones])
    lines = [someone.name, contact, "", story.summary, "", "Experience"]
    for row in experiences(applicant):
        lines.append(f"{row['date_range']}  {row['title']}, {row['company']}")
        lines += [f"    {row['description']}"] if row["description"] else []
    return [*lines, "", "Education", story.education, "", "Skills", ", ".join(story.skills)]
