"""Schedules of recurring tickets: what each way of writing one means, in every zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings, strategies as st

from deskterm.rules.problems import Problem
from deskterm.rules.rulebook import Recurring, RuleBook
from deskterm.rules.schedule import due_recurring, read_schedule, standing_since

SHANGHAI, NEW_YORK, LORD_HOWE = "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"
ZONES = (
    "UTC", SHANGHAI, NEW_YORK, LORD_HOWE, "Europe/London", "Africa/Casablanca", "Africa/Cairo",
    "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham", "America/Sao_Paulo",
)  # fmt: skip


def at(text: str, tz: str = SHANGHAI) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).timestamp())


def local(instant: int | None, tz: str = SHANGHAI) -> str:
    assert instant is not None
    return datetime.fromtimestamp(instant, ZoneInfo(tz)).isoformat(" ")


def coming(text: str, start: str, count: int, tz: str = SHANGHAI) -> list[str]:
    """The next local dates and times."""
    schedule, now, found = read_schedule(text, tz), at(start, tz), list[str]()
    while len(found) < count and (following := schedule.next_after(now)) is not None:
        found.append(local(following, tz)[:16])
        now = following
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("daily 07:00", ["2026-03-02 07:00", "2026-03-03 07:00"]),
        ("Mon,Wed 08:30", ["2026-03-02 08:30", "2026-03-04 08:30", "2026-03-09 08:30"]),
        ("mon-fri 8:30", ["2026-03-02 08:30", "2026-03-03 08:30", "2026-03-04 08:30"]),
        ("fri-mon 08:30", ["2026-03-02 08:30", "2026-03-06 08:30", "2026-03-07 08:30", "2026-03-08 08:30"]),
        ("2nd mon 09:00", ["2026-03-09 09:00", "2026-04-13 09:00", "2026-05-11 09:00"]),
        ("1st,3rd tue 09:00", ["2026-03-03 09:00", "2026-03-17 09:00", "2026-04-07 09:00"]),
        ("last fri 17:00", ["2026-03-27 17:00", "2026-04-24 17:00", "2026-05-29 17:00"]),
        ("day 1 09:00", ["2026-04-01 09:00", "2026-05-01 09:00"]),
        ("day 1,15 09:00", ["2026-03-15 09:00", "2026-04-01 09:00"]),
        ("last day 17:00", ["2026-03-31 17:00", "2026-04-30 17:00"]),
        ("jan,jul 2nd mon 09:00", ["2026-07-13 09:00", "2027-01-11 09:00"]),
        ("2026-12-01 09:00", ["2026-12-01 09:00"]),
    ],
)
def test_a_schedule_happens_on_the_days_it_names(text: str, expected: list[str]) -> None:
    count = len(expected) + (1 if text.startswith("2026") else 0)
    assert coming(text, "2026-03-02T00:00" if "1 09" not in text else "2026-03-02T10:00", count) == expected


def test_a_month_without_the_day_is_left_out() -> None:
    assert coming("day 31 09:00", "2026-01-31T09:00", 3) == [
        "2026-03-31 09:00", "2026-05-31 09:00", "2026-07-31 09:00",
    ]  # fmt: skip


def test_the_29th_of_february_comes_every_four_years_but_not_in_2100() -> None:
    assert coming("feb day 29 09:00", "2095-01-01T00:00", 2) == ["2096-02-29 09:00", "2104-02-29 09:00"]


def test_a_fifth_monday_in_february_is_found_over_forty_years() -> None:
    assert coming("feb 5th mon 09:00", "2072-03-01T00:00", 1) == ["2112-02-29 09:00"]


def test_a_date_that_is_over_comes_no_more() -> None:
    assert read_schedule("2026-12-01 09:00", SHANGHAI).next_after(at("2026-12-01T09:00")) is None


def test_a_time_that_the_clocks_skip_happens_as_they_change() -> None:
    schedule = read_schedule("daily 02:30", NEW_YORK)
    assert local(schedule.next_after(at("2026-03-08T00:00", NEW_YORK)), NEW_YORK) == (
        "2026-03-08 03:00:00-04:00"
    )


def test_a_time_that_the_clocks_show_twice_happens_once_the_first_time() -> None:
    schedule = read_schedule("daily 01:30", NEW_YORK)
    found = schedule.between(at("2026-11-01T00:00", NEW_YORK), at("2026-11-01T23:00", NEW_YORK))
    assert [local(each, NEW_YORK) for each in found] == ["2026-11-01 01:30:00-04:00"]


def test_a_time_of_tomorrow_may_lie_behind_when_the_clocks_go_back_over_midnight() -> None:
    """St. John's, 2009: at 00:01 on 1 November it was 23:01 on 31 October again."""
    zone = ZoneInfo("America/St_Johns")
    again = int(datetime(2009, 10, 31, 23, 30, tzinfo=zone, fold=1).timestamp())
    found = read_schedule("daily 00:00", "America/St_Johns").last_up_to(again)
    assert local(found, "America/St_Johns") == "2009-11-01 00:00:00-02:30"


def test_a_half_hour_that_is_skipped_happens_as_the_clocks_change() -> None:
    schedule = read_schedule("daily 02:15", LORD_HOWE)
    found = schedule.next_after(at("2026-10-04T00:00", LORD_HOWE))
    assert local(found, LORD_HOWE) == "2026-10-04 02:30:00+11:00"


def test_a_date_that_never_was_happens_as_the_calendar_jumps() -> None:
    schedule = read_schedule("daily 07:00", "Pacific/Apia")
    found = schedule.next_after(at("2011-12-29T08:00", "Pacific/Apia"))
    assert local(found, "Pacific/Apia") == "2011-12-31 00:00:00+14:00"


FORMS = st.sampled_from(
    [
        "daily {}", "mon {}", "sat,sun {}", "2nd mon {}", "last fri {}", "day 1 {}", "day 29,31 {}",
        "last day {}", "mar,apr,oct,nov sun {}", "mar 5th sun {}", "1st,last wed {}",
    ]
)  # fmt: skip
CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 45, 59]))
INSTANTS = st.integers(at("2009-01-01T00:00", "UTC"), at("2040-01-01T00:00", "UTC"))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(FORMS, CLOCKS, st.sampled_from(ZONES), INSTANTS)
def test_the_next_instant_is_the_first_minute_whose_wall_says_so(
    form: str, clock: str, tz: str, start: int
) -> None:
    """Against a walk over every minute; what falls into a gap is the subject of the cases above."""
    schedule, zone = read_schedule(form.format(clock), tz), ZoneInfo(tz)
    found = schedule.next_after(start)
    assert found is not None
    assume(datetime.fromtimestamp(found, zone).strftime("%H:%M") == clock)
    begin = max(start, found - 3 * 86_400)
    walked = (
        minute
        for minute in range(begin // 60 * 60 + 60, found + 60, 60)
        if (wall := datetime.fromtimestamp(minute, zone)).strftime("%H:%M") == clock
        and wall.fold == 0
        and schedule.falls_on(wall.date())
    )
    assert next(walked) == found


@settings(derandomize=True, deadline=None, max_examples=100)
@given(FORMS, CLOCKS, st.sampled_from(ZONES), INSTANTS)
def test_the_last_instant_is_the_one_that_the_next_comes_after(
    form: str, clock: str, tz: str, start: int
) -> None:
    schedule = read_schedule(form.format(clock), tz)
    following = schedule.next_after(start)
    assert following is not None
    last = schedule.last_up_to(following - 1)
    assert last is not None
    assert (last <= start, schedule.last_up_to(following), schedule.next_after(last)) == (
        True, following, following,
    )  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=200)
@given(FORMS, st.dates(date(1971, 1, 1), date(2200, 1, 1)))
def test_a_date_is_named_by_counting_the_days_of_its_month(form: str, day: date) -> None:
    """Against a count of the days with the same name."""
    schedule = read_schedule(form.format("09:00"), "UTC")
    month = [day.replace(day=1) + timedelta(days=place) for place in range(31)]
    month = [each for each in month if each.month == day.month]
    same = [each for each in month if each.weekday() == day.weekday()]
    named = {
        "daily {}": True,
        "mon {}": day.weekday() == 0,
        "sat,sun {}": day.weekday() in (5, 6),
        "2nd mon {}": day.weekday() == 0 and same[1] == day,
        "last fri {}": day.weekday() == 4 and same[-1] == day,
        "day 1 {}": day.day == 1,
        "day 29,31 {}": day.day in (29, 31),
        "last day {}": month[-1] == day,
        "mar,apr,oct,nov sun {}": day.month in (3, 4, 10, 11) and day.weekday() == 6,
        "mar 5th sun {}": day.month == 3 and day.weekday() == 6 and len(same) == 5 and same[4] == day,
        "1st,last wed {}": day.weekday() == 2 and day in (same[0], same[-1]),
    }
    assert schedule.falls_on(day) == named[form]


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("2nd mun 09:00", 5, '"mun" is no day of a schedule'),
        ("mon,wec 08:00", 5, '"wec" is no day of a schedule'),
        ("2th mon 09:00", 1, '"2th" is no day of a schedule'),
        ("09:00", 1, "names days and a time"),
        ("", 1, "names days and a time"),
        ("daily 24:00", 7, '"24:00" is not a time of day'),
        ("daily 9.00", 7, '"9.00" is not a time of day'),
        ("day 0 09:00", 5, '"0" is no day of a month'),
        ("day 1,32 09:00", 7, '"32" is no day of a month'),
        ("day ² 09:00", 5, '"²" is no day of a month'),
        ("feb day 30 09:00", 9, 'No such month has a day "30"'),
        ("2026-02-30 09:00", 1, "is not a date"),
        ("jan 09:00", 5, "Name a day in front of"),
        ("2nd 09:00", 1, "Name a weekday after"),
        ("day 09:00", 1, "Say which day of the month"),
        ("mon tue 09:00", 5, "one word too many"),
        ("daily  x 09:00", 8, "one word too many"),
    ],
)
def test_a_fault_is_named_with_its_column(text: str, column: int, said: str) -> None:
    with pytest.raises(Problem) as refused:
        read_schedule(text, SHANGHAI)
    assert (refused.value.column, said in str(refused.value)) == (column, True)


@pytest.mark.parametrize("zone", ["Asia/Shangai", "", "../UTC", "/etc/passwd"])
def test_an_unknown_zone_is_named(zone: str) -> None:
    with pytest.raises(Problem, match="no time zone"):
        read_schedule("daily 07:00", zone)


def rule(schedule: str, name: str = "backup", tz: str = SHANGHAI) -> Recurring:
    return Recurring(name, schedule, tz, {"subject": "Check the backups"})


def test_the_second_monday_in_shanghai_opens_one_ticket() -> None:
    now = at("2026-03-09T09:00")
    (found,) = due_recurring([rule("2nd mon 09:00")], {}, at("2026-03-01T00:00"), now)
    assert (found.nominal_at, found.key, found.skipped) == (now, f"recur/backup/{now}", ())


def test_after_three_days_of_downtime_exactly_one_ticket_is_opened_for_the_latest() -> None:
    last = at("2026-03-02T07:00")
    (found,) = due_recurring([rule("daily 07:00")], {"backup": last}, 0, at("2026-03-05T12:00"))
    assert (local(found.nominal_at)[:16], [local(each)[:16] for each in found.skipped]) == (
        "2026-03-05 07:00",
        ["2026-03-03 07:00", "2026-03-04 07:00"],
    )


def test_nothing_is_due_from_before_the_rules_came_into_force() -> None:
    assert due_recurring([rule("daily 07:00")], {}, at("2026-03-05T07:00"), at("2026-03-05T12:00")) == ()


def test_a_rule_that_changed_begins_anew_when_it_comes_into_force() -> None:
    since, now = at("2026-03-05T07:30"), at("2026-03-05T07:45")
    assert due_recurring([rule("daily 07:00")], {"backup": at("2026-03-01T07:00")}, since, now) == ()


def test_a_clock_set_back_opens_nothing_twice() -> None:
    fired = {"backup": at("2026-03-05T07:00")}
    assert due_recurring([rule("daily 07:00")], fired, 0, at("2026-03-04T12:00")) == ()


def test_what_is_due_comes_in_the_order_of_its_instants_then_of_its_name() -> None:
    rules = [rule("daily 08:00", "z"), rule("daily 07:00", "b"), rule("daily 07:00", "a")]
    found = due_recurring(rules, {}, at("2026-03-05T00:00"), at("2026-03-05T12:00"))
    assert [each.rule.id for each in found] == ["a", "b", "z"]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(FORMS, st.lists(st.integers(1, 40 * 86_400), max_size=12), st.sampled_from(ZONES))
def test_however_often_one_looks_every_occurrence_is_opened_or_skipped_once(
    form: str, steps: list[int], tz: str
) -> None:
    start = now = at("2026-01-01T00:00", "UTC")
    recurring, fired, seen = rule(form.format("02:30"), tz=tz), dict[str, int](), list[int]()
    for step in steps:
        now += step
        for found in due_recurring([recurring], fired, start, now):
            seen += [*found.skipped, found.nominal_at]
            fired["backup"] = found.nominal_at
    assert seen == list(read_schedule(recurring.schedule, tz).between(start, now))


def test_a_file_that_leaves_a_rule_as_it_was_leaves_it_in_force() -> None:
    old, same, moved = (RuleBook(recurring=(rule(text),)) for text in ("daily 07:00",) * 2 + ("daily 08:00",))
    assert standing_since("backup", [(10, moved), (20, old), (30, same)]) == 20


def test_a_rule_that_moved_is_in_force_since_it_moved() -> None:
    old, moved = RuleBook(recurring=(rule("daily 07:00"),)), RuleBook(recurring=(rule("daily 08:00"),))
    assert standing_since("backup", [(10, old), (20, moved)]) == 20


def test_the_first_day_of_all_time_is_found() -> None:
    assert read_schedule("daily 07:00", "UTC").next_after(0) == int(
        datetime(1970, 1, 1, 7, tzinfo=UTC).timestamp()
    )
