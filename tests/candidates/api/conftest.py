"""The cast: Ana recruits, Rob reviews one job, Adam is admin, and Zoe works elsewhere."""

import pytest

from tests import factories as make
from tests.api import Api


class Cast:
    def __init__(self) -> None:
        self.team = make.make_workspace("Demo")
        self.recruiter = make.make_member(self.team, "recruiter", full_name="Ana Koc")
        self.reviewer = make.make_member(self.team, "reviewer", full_name="Rob Ray")
        self.admin = make.make_member(self.team, "admin", full_name="Adam Lo")
        self.stranger = make.make_member(make.make_workspace("Other"), "admin", full_name="Zoe Zu")
        self.job = make.make_job(self.team)
        make.join_job(self.job, self.reviewer)
        self.other_job = make.make_job(self.team, "Designer")
        self.ana, self.rob, self.adam = Api(self.recruiter), Api(self.reviewer), Api(self.admin)
        self.zoe = Api(self.stranger)

    def applicant(self, name: str = "Ada Lovelace", job=None, **fields):
        """An application of a new person."""
        return make.make_application(make.make_candidate(self.team, name), job or self.job, **fields)


@pytest.fixture
def cast(db) -> Cast:
    return Cast()
