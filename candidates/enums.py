"""The words of the domain that are columns. Leaves: anything may import them."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class JobStatus(TextChoices):
    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    ARCHIVED = "archived", "Archived"


class StageCategory(TextChoices):
    NEW = "new", "New"
    SCREENING = "screening", "Screening"
    INTERVIEW = "interview", "Interview"
    OFFER = "offer", "Offer"
    HIRED = "hired", "Hired"
    REJECTED = "rejected", "Rejected"


class Outcome(TextChoices):
    ACTIVE = "active", "Active"
    HIRED = "hired", "Hired"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Answer(TextChoices):
    """How a member answered the request to review."""

    VERDICT = "verdict", "Verdict"
    ABSTAIN = "abstain", "Abstained"
    RECUSE = "recuse", "Recused"


class Verdict(TextChoices):
    STRONG_YES = "strong_yes", "Strong yes"
    YES = "yes", "Yes"
    MAYBE = "maybe", "Maybe"
    NO = "no", "No"
    STRONG_NO = "strong_no", "Strong no"


VERDICT_RANK = {Verdict.STRONG_NO: 1, Verdict.NO: 2, Verdict.MAYBE: 3, Verdict.YES: 4, Verdict.STRONG_YES: 5}


class Score(IntegerChoices):
    WEAK = 1, "Weak"
    MIXED = 2, "Mixed"
    STRONG = 3, "Strong"
    OUTSTANDING = 4, "Outstanding"


class Visibility(TextChoices):
    TEAM = "team", "Team"
    PRIVATE = "private", "Only me"


class AttachmentKind(TextChoices):
    CV = "cv", "CV"
    COVER_LETTER = "cover_letter", "Cover letter"
    PHOTO = "photo", "Photo"
    OTHER = "other", "Other"


class AttachmentState(TextChoices):
    WAITING = "waiting", "Waiting to be fetched"
    STORED = "stored", "Stored"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Could not be fetched"


class TextState(TextChoices):
    """Whether the text of a file has been taken out of it. Pictures have none to take."""

    NOT_READ = "", "No text"
    WAITING = "waiting", "Being read"
    READ = "read", "Read"
    NONE = "none", "Preview not available"


class RecordState(TextChoices):
    """What a source says of the existence of its row."""

    LISTED = "listed", "Listed"
    NOT_LISTED = "not_listed", "No longer listed"
    DELETED = "deleted_upstream", "Deleted upstream"
    MASKED = "masked", "Masked"


class RecordKind(TextChoices):
    CANDIDATE = "candidate", "Candidate"
    APPLICATION = "application", "Application"
    JOB = "job", "Job"
    STAGE = "stage", "Stage"
    TAG = "tag", "Tag"
    POOL = "pool", "Talent pool"
    POOL_PLACE = "pool_place", "Place in a talent pool"
    REASON = "rejection_reason", "Rejection reason"
    ATTACHMENT = "attachment", "Attachment"


class PushKind(TextChoices):
    MOVE = "move", "Move"
    REJECT = "reject", "Reject"
    REOPEN = "reopen", "Reopen"
    TAG = "tag", "Tag"
    UNTAG = "untag", "Untag"
    NOTE = "note", "Note"
    SHORTLIST = "shortlist", "Shortlist"
    FIELDS = "fields", "Candidate fields"


class PushState(TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    RETRYING = "retrying", "Trying again"
    CONFLICT = "conflict", "Conflict"
    UNKNOWN = "unknown", "Outcome unknown"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Refused"
    NOT_OFFERED = "not_offered", "Not offered"
    SUPERSEDED = "superseded", "Superseded"
    CANCELLED = "cancelled", "Cancelled"


# Design rule 1: an entry ends in exactly one of these.
SETTLED = ("confirmed", "refused", "not_offered", "superseded", "cancelled")
# Still to be sent, or being sent: an import that is older must not undo the decision.
ON_ITS_WAY = ("waiting", "sending", "retrying", "conflict", "unknown")


class DecisionKind(TextChoices):
    MOVE = "move", "Moved"
    REJECT = "reject", "Rejected"
    REOPEN = "reopen", "Reopened"
    TAG = "tag", "Tagged"
    UNTAG = "untag", "Untagged"
    NOTE = "note", "Noted"
    SHORTLIST = "shortlist", "Shortlisted"
    UNSHORTLIST = "unshortlist", "Taken off the shortlist"
    REVIEW = "review", "Reviewed"
    FIELDS = "fields", "Edited"


class ConflictState(TextChoices):
    OPEN = "open", "Open"
    OURS = "ours", "Kept ours"
    THEIRS = "theirs", "Took theirs"


class Owner(TextChoices):
    """Whose word counts for a field that a source and we both know."""

    BOTH = "both", "Whoever changes it"
    SOURCE = "source", "The source"
    QUORUM = "quorum", "Quorum"


class BulkState(TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


class DuplicateState(TextChoices):
    OPEN = "open", "To be decided"
    DIFFERENT = "different", "Different people"
    MERGED = "merged", "Merged"
