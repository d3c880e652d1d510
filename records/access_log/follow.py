"""The two duties of reviews are judged again after each act that may meet them."""

from ordinance import assessment
from ordinance.parameters import active_profile
from ordinance.rules import Subject

REVIEWED, EXPLAINED = "access_reviewed", "look_explained"


def judge_again() -> None:
    assessment.follow([active_profile()], kind=Subject.DISTRICT, codes=[REVIEWED, EXPLAINED])
