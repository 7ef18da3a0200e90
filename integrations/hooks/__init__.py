"""Webhooks: a provider says that something has changed. All that follows is that an import is asked for."""

from integrations.hooks.signal import Signal

__all__ = ["Signal"]
