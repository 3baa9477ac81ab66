"""Schedules as robfig/cron v3 reads them, whose own tests many of these cases are modelled on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infracheck.kubernetes.cron import ScheduleError, parse_schedule

GOOD = ["* * * * *", "0 3 * * *", "*/5 * * * *", "5/15 0-23/2 ? * MON-Fri", "0 0 1,15 jan,JUL *", "59 23 31 12 6",
        "@hourly", "@midnight", "@annually", "@every 90s", "  0  3\t* * * ", "*/61 * * * *", "0 0 ? * ?"]  # fmt: skip
BAD = ["", "* * * *", "0 0 3 * * ?", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * 0 *",
       "* * * * 7", "* * L * *", "* * * * 1#2", "5-1 * * * *", "*/0 * * * *", "1-2-3 * * * *", "1/2/3 * * * *",
       "-1 * * * *", "* * * * monday", "TZ=UTC 0 3 * * *", "CRON_TZ=UTC @daily", "@reboot", "@every", "@every day",
       "@Daily", "H * * * *", "\u0661 * * * *", "1.5 * * * *", "* " * 600]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_schedules_that_kubernetes_accepts(text: str) -> None:
    parsed = parse_schedule(text)
    assert parsed is None or parsed.is_ever_due


@pytest.mark.parametrize("text", BAD)
def test_schedules_that_kubernetes_refuses(text: str) -> None:
    with pytest.raises(ScheduleError):
        parse_schedule(text)


def test_fields_are_sets_of_numbers() -> None:
    parsed = parse_schedule("5/15 20-23/2 */10 FEB-apr ?")
    assert parsed is not None
    assert parsed.minutes == {5, 20, 35, 50}
    assert parsed.hours == {20, 22}
    assert parsed.days == {1, 11, 21, 31}
    assert parsed.months == {2, 3, 4}
    assert parsed.any_weekday
    # A step restricts: the day must fit, or the day of the week.
    assert not parsed.any_day


@pytest.mark.parametrize(
    ("text", "due"),
    [("0 0 29 2 *", True), ("0 0 30 2 *", False), ("0 0 31 4,6,9,11 *", False), ("0 0 31 4,5 *", True),
     ("0 0 30 2 5", True), ("0 0 30 2 ?", False), ("0 0 30 2 */2", True), (", 0 1 1 *", False)],
)  # fmt: skip
def test_days_that_no_month_has_are_never_due(text: str, *, due: bool) -> None:
    parsed = parse_schedule(text)
    assert parsed is not None
    assert parsed.is_ever_due is due


@given(st.text(alphabet="0123456789*/-,?@ JANmonTZeyrv.", max_size=40))
def test_any_text_is_a_schedule_or_refused(text: str) -> None:
    try:
        parsed = parse_schedule(text)
    except ScheduleError:
        return
    assert parsed is None or parsed.minutes <= set(range(60))
