"""The domain: people, jobs, candidacies, what a team thinks of them, and what the outside must be told."""

from candidates.models.activity import Activity
from candidates.models.application import Application, ShortlistEntry
from candidates.models.attachment import Attachment, AttachmentText, FileLook
from candidates.models.bulk import BulkAction
from candidates.models.candidate import Candidate, CandidateIdentity
from candidates.models.duplicate import CandidateMerge, Duplicate, DuplicateSearch, MatchKey
from candidates.models.erasure import Erasure
from candidates.models.job import Criterion, Job, JobMember, RejectionReason, Stage
from candidates.models.note import Note
from candidates.models.outbox import Decision, OutboxEntry, PushAttempt
from candidates.models.review import Review, ReviewReveal, ReviewScore, ReviewSkip
from candidates.models.source import FieldConflict, Source, SourceRecord
from candidates.models.tagging import CandidateTag, PoolMember, Tag, TalentPool

__all__ = [
    "Activity",
    "Application",
    "Attachment",
    "AttachmentText",
    "BulkAction",
    "Candidate",
    "CandidateIdentity",
    "CandidateMerge",
    "CandidateTag",
    "Criterion",
    "Decision",
    "Duplicate",
    "DuplicateSearch",
    "Erasure",
    "FieldConflict",
    "FileLook",
    "Job",
    "JobMember",
    "MatchKey",
    "Note",
    "OutboxEntry",
    "PoolMember",
    "PushAttempt",
    "RejectionReason",
    "Review",
    "ReviewReveal",
    "ReviewScore",
    "ReviewSkip",
    "ShortlistEntry",
    "Source",
    "SourceRecord",
    "Stage",
    "Tag",
    "TalentPool",
]
