"""What every part of the API shares: authentication, errors, paging, limits, idempotency."""
