"""What a stage probably means, guessed from its name. A person's own choice is kept (``category_is_ours``)."""

from __future__ import annotations

from candidates.domain.search import fold
from candidates.enums import StageCategory

# In this order: a "telephone interview" is a screening, an "offer rejected" a rejection. Folded, as parts of words.
WORDS: tuple[tuple[str, str], ...] = (
    (StageCategory.REJECTED, "reject|declin|disqualif|not selected|abgelehnt|absage|refus|rechaz"),
    (StageCategory.HIRED, "hired|onboard|eingestellt|einstellung|embauch|contratad|assunt|anstalld"),
    (StageCategory.OFFER, "offer|angebot|offre|oferta|contract|vertrag|tilbud"),
    (StageCategory.SCREENING, "phone|telefon|telephon|recruiter call|pre-select|vorauswahl"),
    (StageCategory.INTERVIEW, "interview|gesprach|entretien|entrevista|colloquio|panel|onsite|on-site|vor ort|面接"),
    (StageCategory.INTERVIEW, "technical|task|assessment|take-home|case|trial|face to face"),
    (StageCategory.NEW, "new|appl|inbox|received|eingang|neu|bewerb|nouve|candidature|nuev|lead|sourced"),
    (StageCategory.SCREENING, "screen|review|call|shortlist|sichtung|prufung"),
)


def guess_category(name: str, position: int) -> str:
    """Without a hint, the first stage is where people arrive, and what follows is looking at them."""
    folded = fold(name)
    for category, words in WORDS:
        if any(word in folded for word in words.split("|")):
            return category
    return StageCategory.NEW if position == 0 else StageCategory.SCREENING
