"""Public holidays of regions, as the library knows them: names, make-up days, and what is not known yet."""

from datetime import date

import pytest

from deskterm.public_holidays import public_holidays
from deskterm.rules.calendar import Calendar
from tests.rules.calendar.calendars import CHINA

KNOWN = public_holidays(["CN", "US-NY", "GB-ENG", "HU", "IN", "US-ZZ", "XX"], 2026)


def of(code: str, year: int) -> dict[str, str]:
    """The holidays of one year."""
    return {day: name for day, name in KNOWN.holidays[code].items() if day.startswith(str(year))}


def test_china_2026_is_what_the_state_council_announced() -> None:
    week = {"mon-sun": ["09:00-12:00", "13:30-18:00"]}
    announced = Calendar.parse({**CHINA, "week": week})
    found = Calendar.parse({"tz": CHINA["tz"], "week": week, "holidays": ["CN"]}, public=KNOWN)
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + number) for number in range(365)]
    closed = [[day for day in days if not each.spans_on(day)] for each in (found, announced)]
    assert closed[0] == closed[1]


def test_the_make_up_days_of_china_2026_follow_the_days_they_make_up_for() -> None:
    made_up = {day: of for day, of in KNOWN.workdays["CN"].items() if day.startswith("2026")}
    assert made_up == {
        "2026-01-04": "fri",
        "2026-02-14": "fri",
        "2026-02-28": "mon",
        "2026-05-09": "tue",
        "2026-09-20": "tue",
        "2026-10-10": "wed",
    }


def test_a_day_off_in_exchange_is_called_like_its_holiday() -> None:
    assert of("CN", 2026)["2026-02-23"] == "春节"
    assert not any("调休" in name for name in KNOWN.holidays["CN"].values())


def test_a_region_of_a_country_has_its_own_days() -> None:
    new_york = of("US-NY", 2026)
    assert new_york["2026-11-26"] == "Thanksgiving Day"
    assert new_york["2026-07-03"] == "Independence Day (observed)"
    assert "2026-02-12" in new_york  # Lincoln's birthday is New York's
    assert of("GB-ENG", 2026)["2026-04-06"] == "Easter Monday"


@pytest.mark.parametrize("code", ["CN", "HU"])
def test_years_for_which_nothing_is_announced_are_uncovered(code: str) -> None:
    assert 2026 not in KNOWN.uncovered[code]
    assert KNOWN.uncovered[code][-1] == 2036


def test_years_that_are_only_estimated_are_uncovered() -> None:
    assert 2036 in KNOWN.uncovered["IN"]


def test_rules_that_need_no_announcement_cover_every_year() -> None:
    assert "US-NY" not in KNOWN.uncovered
    assert KNOWN.years == (2016, 2036)


def test_an_unknown_code_is_told_with_its_neighbours() -> None:
    assert set(KNOWN.unknown) == {"US-ZZ", "XX"}
    assert all(near.startswith("US-") for near in KNOWN.unknown["US-ZZ"])
    faults = Calendar.faults(
        {"tz": "UTC", "week": {"mon": ["09:00-10:00"]}, "holidays": ["XX"]}, public=KNOWN
    )
    assert faults[0].choices == KNOWN.unknown["XX"]
