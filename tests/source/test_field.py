"""What a rule gets to read."""

from __future__ import annotations

import pytest

from infracheck.source.field import Field
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin
from infracheck.source.values import Scalar


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("3", 3),
        (3.0, 3),
        ("2.5", 2.5),
        ("1e3", 1000),
        ("1e307", 10**307),
        ("1e999999999", None),
        ("-1e999999999", None),
    ],
)
def test_a_number_is_one_that_a_float_holds(written: str | float, number: float | None) -> None:
    found = Field(Scalar(written, Origin(Span(SourceFile("a.yaml", ""), 0, 0)))).number()
    assert found == number
    assert isinstance(found, type(number))
