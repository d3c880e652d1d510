"""What a person draws is limited before a worker sets to it, and takes no longer with more corrections."""

import time

import pytest

from footage.redaction import choices
from footage.redaction.errors import UnusableClip

pytestmark = pytest.mark.once
FOUND = {"moments": [[0, 0.0]] * 45_000, "tracks": [], "size": [1920, 1080], "doubts": []}


def drawn(code="a", kind="moving", keys=((0, (0, 0, 40, 40)),), from_=0, until=44_999):
    return {"code": code, "kind": kind, "from": from_, "until": until, "keys": [[*key] for key in keys]}


def choice(*regions):
    return {**choices.NOTHING, "regions": list(regions)}


def test_too_much_is_refused_with_what_to_do_instead():
    many = [(frame, (0, 0, 40, 40)) for frame in range(3_000)]
    big = [(0, (0, 0, 1200, 800))]
    for regions, why in [
        ([drawn("a", keys=many), drawn("b", keys=many)], "5,000개까지"),
        ([drawn(keys=many * 2)], "5,000개까지"),
        ([drawn(str(number)) for number in range(50)], "2,000,000장까지"),
        ([drawn(str(number), "followed", until=10) for number in range(31)], "30개까지"),
        ([drawn(kind="followed", keys=big, until=10)], "4분의 1까지"),
    ]:
        with pytest.raises(UnusableClip, match=why):
            choices.clean(choice(*regions), FOUND)
    assert choices.clean(choice(drawn(kind="fixed", keys=big)), FOUND)["regions"]


def test_thousands_of_corrections_cost_no_more_than_a_few():
    keys = [(9 * number, (number % 50 * 2, 0, 40, 40)) for number in range(5_000)]
    cleaned = choices.clean(choice(drawn(keys=keys)), FOUND)
    began = time.process_time()
    boxes = choices.boxes(FOUND, cleaned)
    assert time.process_time() - began < 10, (
        "one look for each picture, not one for each picture and correction"
    )
    assert [boxes[frame][0][0] for frame in (0, 9, 18, 44_999)] == [0, 2, 4, 98]
    assert boxes[13] == ((2, 0, 42, 40),), "between two it holds both"
