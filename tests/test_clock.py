"""The clock: the only reader of the time, and the times it can be stopped at."""

import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from deskterm.clock import FrozenClock, ManualClock, ServerClock, SystemClock, clock_for, read_instant
from deskterm.rules.problems import Problem

HOUR = 3600
YEARS = 30 * 365 * 24 * HOUR
TRIPS = st.floats(min_value=0, max_value=5)
WRONG = st.floats(min_value=-YEARS, max_value=YEARS)
INSTANTS = st.integers(min_value=0, max_value=4_000_000_000)
OFFSETS = st.integers(min_value=-14 * 60, max_value=14 * 60)


def test_the_system_clock_agrees_with_the_time_that_a_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "now").touch()
    written = int((tmp_path / "now").stat().st_mtime)
    assert written <= SystemClock().now() <= written + 2


def test_a_manual_clock_moves_only_when_told_to() -> None:
    clock = ManualClock(1000)
    clock.advance(90)
    clock.advance(-30)
    assert (clock.now(), clock.now()) == (1060, 1060)


def test_a_clock_without_a_wish_is_the_system_clock() -> None:
    assert isinstance(clock_for(" "), SystemClock)


def test_a_frozen_clock_stands_where_it_was_stopped_and_says_that_it_is_frozen() -> None:
    clock = clock_for("2026-03-02T10:00:00Z")
    assert isinstance(clock, FrozenClock)
    assert (clock.now(), clock.frozen, SystemClock().frozen) == (1772445600, True, False)


@given(INSTANTS, OFFSETS)
def test_an_instant_is_read_back_from_its_iso_form_in_any_offset(at: int, minutes: int) -> None:
    shown = datetime.fromtimestamp(at, timezone(timedelta(minutes=minutes)))
    assert read_instant(shown.isoformat()) == at


@given(INSTANTS)
def test_a_time_without_an_offset_is_local_to_the_zone(at: int) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    shown = datetime.fromtimestamp(at, UTC).astimezone(zone).replace(tzinfo=None)
    assert read_instant(shown.isoformat(), zone) == read_instant(f"{shown.isoformat()}+08:00")


def test_a_time_without_offset_or_zone_is_local_to_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert read_instant("2026-01-15 07:00") == read_instant("2026-01-15T12:00Z")
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "10:00", "9999999999", "\ud800"])
def test_what_is_no_time_is_refused_as_wrong_usage(text: str) -> None:
    with pytest.raises(Problem) as refused:
        read_instant(text)
    assert refused.value.kind == "usage"


class Host:
    """A computer beside a server that is right: its clock is `wrong` by so many seconds, its watch is not."""

    def __init__(self, wrong: float) -> None:
        self.wrong = wrong
        self.server = 2_000_000_000.0
        self.clock = ServerClock(lambda: self.server - 1_999_000_000, lambda: self.server + self.wrong)

    def asks(self, there: float = 0, back: float = 0) -> None:
        """Its clock asks the server; so long are the ways."""

        def told() -> float:
            self.server += there
            answer = self.server
            self.server += back
            return answer

        self.clock.ask(told)


@given(WRONG, TRIPS, TRIPS, st.integers(0, HOUR))
def test_a_server_s_clock_is_kept_within_half_of_the_way_whatever_the_computer_says(
    wrong: float, there: float, back: float, later: int
) -> None:
    host = Host(wrong)
    host.asks(there, back)
    host.server += later
    assert abs(host.clock.now() - host.server) <= (there + back) / 2 + 1


@given(WRONG)
def test_whoever_sets_the_computer_s_clock_moves_nothing_but_has_the_server_asked(step: float) -> None:
    host = Host(-600)
    host.asks()
    host.wrong += step
    assert (host.clock.now(), host.clock.doubtful) == (2_000_000_000, abs(step) > 1)


def test_a_sleep_that_the_watch_did_not_count_is_found_out_by_the_clock() -> None:
    host = Host(0)
    host.asks()
    host.server += 8 * HOUR
    watch = host.server - 1_999_000_000 - 8 * HOUR
    host.clock._watch = lambda: watch
    assert host.clock.doubtful
    host.asks()
    assert (host.clock.now(), host.clock.doubtful) == (int(host.server), False)


def test_the_server_is_asked_again_after_a_minute() -> None:
    host = Host(600)
    assert host.clock.doubtful
    host.asks()
    asked = host.clock.doubtful
    host.server += 61
    assert (asked, host.clock.doubtful) == (False, True)


def test_before_a_server_was_heard_the_computer_s_clock_goes() -> None:
    assert Host(600).clock.now() == 2_000_000_600


def test_a_slow_answer_that_contradicts_nothing_changes_nothing() -> None:
    host = Host(600)
    host.asks(there=0.01, back=0.01)
    host.asks(there=4, back=0)  # taken for what it says it would be 2 s less
    assert host.clock.now() == int(host.server)
