"""Screens of integrations."""

from django.urls import URLPattern

app_name = "integrations"
urlpatterns: list[URLPattern] = []
