"""Screens of candidates."""

from django.urls import URLPattern, path

from candidates.views import board, jobs

app_name = "candidates"
urlpatterns: list[URLPattern] = [
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/new/", jobs.job_new, name="job_new"),
    path("jobs/<uuid:pk>/", board.board, name="board"),
    path("jobs/<uuid:pk>/more/", board.more, name="board_more"),
    path("jobs/<uuid:pk>/settings/", jobs.job_settings, name="job_settings"),
]
