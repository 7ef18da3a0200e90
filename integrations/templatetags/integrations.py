"""Numbers as connections and imports show them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def thousands(number: int | None) -> str:
    """ "10,214"; nothing for None."""
    return "" if number is None else f"{number:,}"
