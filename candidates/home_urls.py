"""The first page, which belongs to no namespace."""

from django.urls import path

from candidates.views.home import home

urlpatterns = [path("", home, name="home")]
