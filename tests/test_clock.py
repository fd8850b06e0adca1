"""The clock: the only reader of the time, and the times it can be stopped at."""

import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from deskterm.clock import FrozenClock, ManualClock, SystemClock, clock_for, read_instant
from deskterm.rules.problems import Problem

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
