"""Screens of candidates."""

from django.urls import URLPattern, path

from candidates.views import (
    activity,
    board,
    bulk,
    conflicts,
    decisions,
    files,
    jobs,
    people,
    person,
    pushes,
    review,
    vocabulary,
)

app_name = "candidates"
urlpatterns: list[URLPattern] = [
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/new/", jobs.job_new, name="job_new"),
    path("jobs/<uuid:pk>/", board.board, name="board"),
    path("jobs/<uuid:pk>/more/", board.more, name="board_more"),
    path("jobs/<uuid:pk>/settings/", jobs.job_settings, name="job_settings"),
    path("candidates/", people.candidates, name="candidates"),
    path("candidates/new/", people.candidate_new, name="candidate_new"),
    path("candidates/bulk/", bulk.bulk, name="bulk"),
    path("candidates/bulk/<uuid:pk>/", bulk.progress, name="bulk_progress"),
    path("candidates/bulk/<uuid:pk>/cancel/", bulk.cancel, name="bulk_cancel"),
    path("activity/", activity.activity, name="activity"),
    path("pushes/", pushes.pushes, name="pushes"),
    path("pushes/conflicts/", conflicts.conflicts, name="conflicts"),
    path("pushes/conflicts/<uuid:pk>/resolve/", conflicts.conflict_resolve, name="conflict_resolve"),
    path("pushes/<uuid:pk>/", pushes.push, name="push"),
    *(
        path(f"pushes/<uuid:pk>/{verb}/", pushes.act, {"verb": verb}, name=f"push_{verb}")
        for verb in ("retry", "cancel", "settle", "resolve")
    ),
    path("review/", review.overview, name="review"),
    path("review/<uuid:job_pk>/", review.start, name="review_job"),
    path("review/<uuid:job_pk>/<uuid:pk>/", review.application, name="review_application"),
    path("review/<uuid:job_pk>/<uuid:pk>/save/", review.save, name="review_save"),
    path("review/<uuid:job_pk>/<uuid:pk>/skip/", review.skip_application, name="review_skip"),
    path("review/<uuid:job_pk>/<uuid:pk>/undo/", review.undo, name="review_undo"),
    path("review/<uuid:job_pk>/<uuid:pk>/look/", review.look_anyway, name="review_look"),
    path("candidates/<uuid:pk>/", person.candidate, name="candidate"),
    path("candidates/<uuid:pk>/edit/", person.edit, name="candidate_edit"),
    path("candidates/<uuid:pk>/attachments/", files.attach, name="attach"),
    path("candidates/<uuid:pk>/attachments/fetch/", files.fetch_all, name="fetch_files"),
    path("candidates/<uuid:pk>/tags/", decisions.tag, name="tag"),
    path("candidates/<uuid:pk>/tags/<uuid:tag_pk>/remove/", decisions.untag, name="untag"),
    path("candidates/<uuid:pk>/notes/", decisions.note, name="note"),
    path("attachments/<uuid:pk>/", files.download, name="download"),
    path("attachments/<uuid:pk>/fetch/", files.fetch_one, name="fetch_file"),
    path("applications/<uuid:pk>/decide/", review.decide, name="decide"),
    path("applications/<uuid:pk>/move/", decisions.move, name="move"),
    path("applications/<uuid:pk>/reject/", decisions.reject, name="reject"),
    path("applications/<uuid:pk>/reopen/", decisions.reopen, name="reopen"),
    path("applications/<uuid:pk>/shortlist/", decisions.shortlist, name="shortlist"),
    path("settings/tags/", vocabulary.tags, name="tags"),
    path("settings/tags/<uuid:pk>/", vocabulary.tag_rename, name="tag_rename"),
    path("settings/pools/", vocabulary.pools, name="pools"),
    path("settings/pools/<uuid:pk>/", vocabulary.pool, name="pool"),
    path("settings/reasons/", vocabulary.reasons, name="reasons"),
    path("settings/reasons/<uuid:pk>/", vocabulary.reason, name="reason"),
    path("decisions/<uuid:pk>/undo/", decisions.undo, name="undo"),
]
