"""Traffic: a growing desk with office hours, month ends and holidays."""

from collections import Counter
from datetime import UTC, date, datetime
from random import Random

from hypothesis import given, strategies as st

from deskterm.demo.festivals import activity, calendar_day, follows
from deskterm.demo.hours import CREW, business_days, local, next_open
from deskterm.demo.traffic import STREAMS, YEAR, Traffic
from tests.demo.moments import NOW, moment

HOUR, DAY = 3600, 86400
SHANGHAI = "Asia/Shanghai"


def day(year: int, month: int, number: int) -> int:
    return moment(year, month, number) // DAY


def test_spring_festival_is_quiet_in_china_alone() -> None:
    assert [activity(day(2026, 2, 17), lang) for lang in ("zh", "en")] == [0.1, 1.0]


def test_the_official_days_of_2026_are_the_quiet_ones() -> None:
    quiet = [number for number in range(1, 29) if activity(day(2026, 2, number), "zh") < 1]
    assert quiet == list(range(15, 24))


def test_weekend_days_worked_for_the_festival_follow_monday() -> None:
    assert [follows(day(2026, 2, number), "zh") for number in (14, 28)] == [0, 0]
    assert [follows(day(2026, 2, number), "en") for number in (14, 28)] == [5, 5]


def test_days_are_counted_from_1970() -> None:
    assert calendar_day(day(2026, 3, 2)) == date(2026, 3, 2)


def test_local_time_knows_summer() -> None:
    winter, summer = (moment(2026, month, 15, 8) for month in (1, 7))
    assert [(local(at, "Europe/Berlin") - at) // HOUR for at in (winter, summer)] == [1, 2]


@given(st.integers(0, 4_000_000_000), st.randoms(use_true_random=False))
def test_the_next_open_moment_is_open_and_not_before(at: int, rng: Random) -> None:
    opened = next_open(at, SHANGHAI, rng)
    clock = local(opened, SHANGHAI)
    start, end = CREW[(clock // DAY + 3) % 7 >= 5]
    assert opened >= at
    assert start * HOUR <= clock % DAY < end * HOUR


@given(st.integers(0, 4_000_000_000), st.integers(0, 9))
def test_business_days_leave_out_weekends(at: int, days: int) -> None:
    moved = business_days(at, days, "UTC")
    passed = [(at // DAY + number + 3) % 7 < 5 for number in range(1, (moved - at) // DAY + 1)]
    assert sum(passed) == days


@given(st.integers(0, YEAR), st.integers(0, YEAR), st.integers())
def test_an_arrival_lies_where_it_is_asked_for(one: int, other: int, seed: int) -> None:
    first, last = NOW - max(one, other), NOW - min(one, other)
    assert first <= TRAFFIC.draw(Random(seed), first, last) <= last


def test_more_arrives_by_day_than_by_night() -> None:
    rng = Random(1)
    hours = Counter(
        datetime.fromtimestamp(local(TRAFFIC.draw(rng, NOW - YEAR, NOW), "Europe/Berlin"), UTC).hour
        for _ in range(2000)
    )
    assert hours[10] > 10 * hours[3]


def test_the_desk_grows() -> None:
    rng = Random(1)
    arrivals = [TRAFFIC.draw(rng, NOW - YEAR, NOW) for _ in range(2000)]
    assert sum(at > NOW - YEAR // 2 for at in arrivals) > 1.3 * sum(at <= NOW - YEAR // 2 for at in arrivals)


TRAFFIC = Traffic(STREAMS[0], NOW)
