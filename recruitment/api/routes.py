"""API routes of the team."""

from django.urls import path

from recruitment.access import member_required
from recruitment.api import views

urlpatterns = [
    path("me/", views.MeView.as_view()),
    path("members/", views.MembersView.as_view()),
    path("schema/", views.SchemaView.as_view(), name="schema"),
    path("docs/", member_required(views.DocsView.as_view()), name="api-docs"),
]
