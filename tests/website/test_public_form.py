"""A resident registration number is found however it is written, and looking for it never takes long."""

import time

import pytest

from casework.resident_numbers import holds_resident_number


@pytest.mark.parametrize(
    "text",
    [
        "900101-1234567",
        "9001011234567",
        "900101 - 1234567",
        "번호는 900101–1234567입니다",
        "900101—1234567",
        "900101−1234567",
        "900101‑5234567",
        "９００１０１－１２３４５６７",
        "900101 . 1234567",
        "900101\n-\n1234567",
    ],
)
def test_found(text):
    assert holds_resident_number(text)


@pytest.mark.parametrize(
    "text", ["02-2600-6114", "202631500000000001", "900101-9234567", "900101", "2026-11-29 1234567"]
)
def test_not_found(text):
    assert not holds_resident_number(text)


@pytest.mark.parametrize(
    "text", ["900101" + " " * 200_000, "9" * 200_000, "900101- " * 30_000, "1 " * 100_000]
)
def test_it_takes_no_time(text):
    began = time.process_time()
    assert not holds_resident_number(text)
    assert time.process_time() - began < 0.5
