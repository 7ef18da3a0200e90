"""Screens of the team itself: signing in, home, settings."""

from django.urls import include, path

team = ([], "recruitment")

urlpatterns = [path("", include(team))]
