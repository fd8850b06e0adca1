"""A clock that is set while the timer sleeps: by an hour, by years; it neither storms nor sleeps for ever."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Final, NamedTuple

import pytest
from hypothesis import given, strategies as st

from deskterm.clock import ManualClock
from deskterm.daemon import Daemon, pause
from deskterm.desk.timing import Ticked
from deskterm.rules import actions as a
from deskterm.screens.ticking import PAUSE, Ticking
from tests.builders import DAY, HOUR, T0
from tests.desk.test_timing import LEVELS, MONDAYS, ledger, under
from tests.desks import Bench

YEARS: Final = 30 * 365 * DAY
INTERVAL: Final = HOUR // 4
INSTANTS = st.integers(-(2**40), 2**40)


class Look(NamedTuple):
    """A look of the timer: how many seconds had really passed, what the clock showed, what came of it."""

    passed: int
    clock: int
    acted: int


class Night:
    """A timer that runs beside a clock which is set by `steps`: seconds that have passed -> by how much."""

    def __init__(self, bench: Bench, hours: int, steps: Mapping[int, int]) -> None:
        self.looks: list[Look] = []
        self.pauses: list[float] = []
        self._bench, self._end, self._steps = bench, hours * HOUR, dict(steps)
        self._passed, self._ahead = 0, 0
        silent: Callable[[object], None] = lambda _: None  # noqa: E731
        Daemon(self, INTERVAL, self.wait, tell=silent, complain=silent, recovered=lambda: None).run()

    def look(self, stop: Callable[[], bool]) -> tuple[Ticked, int | None]:
        ticked = self._bench.desk.timer.tick()
        self.looks.append(Look(self._passed, self._bench.clock.at - T0, ticked.acted))
        self._set()  # in the worst moment: between looking and asking what comes next
        return ticked, self._bench.desk.timer.upcoming()

    def wait(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        self._passed += int(seconds)
        self._set()
        return self._passed >= self._end

    def _set(self) -> None:
        for at in [at for at in self._steps if at <= self._passed]:
            self._ahead += self._steps.pop(at)
        self._bench.clock.at = T0 + self._passed + self._ahead


HOURS = {HOUR: HOUR, 2 * HOUR: -HOUR, 3 * HOUR: -HOUR, 5 * HOUR: HOUR}
BACK = {HOUR: -YEARS, 5 * HOUR: YEARS}
AHEAD = {HOUR: YEARS, 2 * HOUR: -YEARS}


@pytest.mark.parametrize("steps", [HOURS, BACK, AHEAD], ids=["hours", "years back", "years ahead"])
def test_it_looks_about_as_often_as_it_should_whatever_the_clock_does(
    bench: Bench, steps: Mapping[int, int]
) -> None:
    under(bench, LEVELS, MONDAYS).opens()
    night = Night(bench, 9, steps)
    assert all(1 <= each <= INTERVAL for each in night.pauses)
    assert 9 * HOUR // INTERVAL <= len(night.looks) <= 9 * HOUR // INTERVAL + 2 * len(steps) + 4


@pytest.mark.parametrize("steps", [HOURS, BACK, AHEAD], ids=["hours", "years back", "years ahead"])
def test_each_level_is_acted_on_once_at_the_first_look_for_which_it_is_due(
    bench: Bench, steps: Mapping[int, int]
) -> None:
    under(bench, LEVELS).opens()
    night = Night(bench, 9, steps)
    fired = ledger(bench)
    assert sorted(each.name for each in fired) == ["level one/L1", "level one/L2", "level one/warn"]
    for each in fired:
        assert each.fired == next(look.clock for look in night.looks if look.clock >= each.nominal)


def test_a_clock_that_was_years_ahead_leaves_nothing_behind_on_tickets_that_come_later(bench: Bench) -> None:
    under(bench, LEVELS).opens()
    Night(bench, 3, AHEAD)
    number = bench.opens("later")
    opened = bench.clock.at
    bench.clock.advance(4 * HOUR + 1)
    bench.desk.tick()
    mine = bench.desk.explain(number, viewer=bench.actor("ada")).firings
    assert [(each.nominal_at - opened, each.outcome) for each in mine] == [
        (7 * HOUR // 2, "skipped_late"),
        (4 * HOUR, "done"),
    ]


def test_years_of_recurring_tickets_are_one_ticket(bench: Bench) -> None:
    under(bench, MONDAYS)
    bench.clock.advance(3 * YEARS // 30)
    done = bench.desk.tick()
    assert (len(done.opened), bench.desk.tick().opened) == (2, ())


def test_what_waits_wakes_though_the_clock_had_begun_anew(bench: Bench) -> None:
    number = under(bench).opens()
    bench.does(a.Pend(number, until=T0 + 2 * HOUR))
    Night(bench, 4, {60: -T0, 3 * HOUR: T0})
    assert bench.desk.ticket(number, viewer=bench.actor("ada")).row.status == "open"


@given(INSTANTS, st.none() | INSTANTS, st.integers(1, 10**6))
def test_the_daemon_sleeps_a_second_at_least_and_its_interval_at_most(
    now: int, upcoming: int | None, interval: int
) -> None:
    assert 1 <= pause(now, upcoming, interval) <= interval


@given(INSTANTS, st.none() | INSTANTS)
def test_the_app_too(now: int, upcoming: int | None) -> None:
    app = Ticking.__new__(Ticking)
    app._desk = SimpleNamespace(  # type: ignore[assignment]
        timer=SimpleNamespace(upcoming=lambda: upcoming), clock=ManualClock(now)
    )
    assert 1 <= app.pause() <= PAUSE
