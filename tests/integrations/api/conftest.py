"""The cast of the domain's API tests, with a connection."""

import pytest

from tests import factories as make
from tests.candidates.api.conftest import Cast, cast

__all__ = ["Cast", "cast"]


@pytest.fixture
def connection(cast):
    return make.make_connection(cast.team)
