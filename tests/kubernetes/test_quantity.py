from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infracheck.kubernetes.quantity import (
    IntOrPercent,
    QuantityError,
    int_or_percent,
    parse_quantity,
    quantity,
    strict_quantity,
)
from infracheck.source.field import Field, NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

# From https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ and quantity_test.go's ideas.
VALID = {
    "0": "0",
    "1": "1",
    "250m": "0.25",
    "0.1": "0.1",
    ".5": "0.5",
    "5.": "5",
    "+1": "1",
    "-1": "-1",
    "100u": "0.0001",
    "1n": "0.000000001",
    "1k": "1000",
    "1.5G": "1500000000",
    "1T": "1000000000000",
    "2P": "2000000000000000",
    "1E": "1000000000000000000",
    "1Ki": "1024",
    "128974848": "128974848",
    "129e6": "129000000",
    "129M": "129000000",
    "128974848000m": "128974848",
    "123Mi": "128974848",
    "1.5Gi": "1610612736",
    "1Ei": "1152921504606846976",
    "1e3": "1000",
    "1E3": "1000",
    "1e-3": "0.001",
    "12e+2": "1200",
    # No digits are zero.
    "Gi": "0",
    "m": "0",
    ".": "0",
    "-": "0",
    "e3": "0",
    # Finer than a nano rounds up, away from zero; larger than an int64 is cut.
    "0.1n": "0.000000001",
    "-0.1n": "-0.000000001",
    "1e-30": "0.000000001",
    "100E": str(2**63 - 1),
    "1e400": str(2**63 - 1),
}
INVALID = [
    "", " ", "1 Gi", "1gi", "1GI", "1K", "1mi", "1MB", "1GiB", "--1", "+-1", "1e", "1e+", "1ee3", "1e3Ki",
    "1..2", "1.2.3", "0x10", "1_000", "1,5", "½", "\u0661", "1e3.5", "1iK", "100%", "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount"), VALID.items())
def test_quantities_are_exact(text: str, amount: str) -> None:
    assert parse_quantity(text) == Decimal(amount)


@pytest.mark.parametrize("text", INVALID)
def test_what_is_no_quantity_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(QuantityError, match="512Mi"):
        parse_quantity(text)


def test_huge_exponents_cost_nothing() -> None:
    assert parse_quantity("1e999999999999999999") == 2**63 - 1
    assert parse_quantity("1e-999999999999999999") == Decimal("1e-9")
    assert parse_quantity("0e999999999999999999") == 0


@pytest.mark.oracle
def test_kubectl_reads_the_same_amounts(kubectl: str) -> None:
    for text, amount in VALID.items():
        if text.startswith("-") and amount != "0":
            continue  # a quota may not be negative
        command = [kubectl, "create", "quota", "q", f"--hard=pods={text}", "--dry-run=client", "-o", "json"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
        canonical = json.loads(answer.stdout)["spec"]["hard"]["pods"]
        assert parse_quantity(canonical) == Decimal(amount), text


@pytest.mark.oracle
def test_kubectl_refuses_the_same_texts(kubectl: str) -> None:
    for text in INVALID:
        # kubectl splits the flag at commas before the quantity is read.
        if not text.strip() or "," in text or len(text) > 100:
            continue
        command = [kubectl, "create", "quota", "q", f"--hard=pods={text}", "--dry-run=client", "-o", "json"]
        assert subprocess.run(command, capture_output=True, check=False).returncode != 0, text


@given(st.decimals(min_value=0, max_value=10**6, places=6, allow_nan=False), st.sampled_from(["", "m", "k", "Ki", "M"]))
def test_suffixes_multiply_exactly(number: Decimal, suffix: str) -> None:
    factor = {"": Fraction(1), "m": Fraction(1, 1000), "k": Fraction(1000), "Ki": Fraction(1024), "M": Fraction(10**6)}
    wanted = Fraction(number) * factor[suffix]
    assert Fraction(parse_quantity(f"{number:f}{suffix}")) == wanted


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_an_error(text: str) -> None:
    try:
        amount = parse_quantity(text)
    except QuantityError:
        return
    assert abs(amount) <= 2**63 - 1


def test_fields_may_hold_numbers(field: Callable[[str], Field]) -> None:
    limits = field("{cpu: 0.5, memory: 1073741824, junk: [1], flag: true, gone: null, tiny: 1e-7, bad: 1gb, u: '${X}'}")
    assert quantity(limits["cpu"]) == Decimal("0.5")
    assert quantity(limits["memory"]) == 2**30
    assert quantity(limits["tiny"]) == Decimal("1e-7")
    assert quantity(limits["gone"]) is None
    assert quantity(limits["missing"]) is None
    for key in ("junk", "flag", "bad"):
        assert quantity(limits[key]) is None
        with pytest.raises(QuantityError):
            strict_quantity(limits[key])
    with pytest.raises(NotJudged):
        quantity(limits["u"])


def test_amounts_print_as_one_would_write_them() -> None:
    assert str(parse_quantity("250m")) == "0.25"
    assert str(parse_quantity("1Gi")) == "1073741824"
    assert str(parse_quantity("10")) == "10"


def test_counts_and_percentages(field: Callable[[str], Field]) -> None:
    values = field("{count: 2, percent: 25%, text: '2', bad: 1.5%, half: 1.5, minus: -5%, u: '${X}', big: 1000%}")
    assert int_or_percent(values["count"]) == IntOrPercent(2)
    assert int_or_percent(values["percent"]) == IntOrPercent(25, percent=True)
    assert int_or_percent(values["big"]) == IntOrPercent(1000, percent=True)
    for key in ("text", "bad", "half", "minus", "missing"):
        assert int_or_percent(values[key]) is None, key
    with pytest.raises(NotJudged):
        int_or_percent(values["u"])


@given(st.integers(0, 300), st.integers(0, 100_000))
def test_percentages_round_as_asked(percent: int, total: int) -> None:
    share = Fraction(percent * total, 100)
    assert IntOrPercent(percent, percent=True).of(total, round_up=True) == ceil(share)
    assert IntOrPercent(percent, percent=True).of(total, round_up=False) == floor(share)
    assert IntOrPercent(percent).of(total, round_up=True) == percent
