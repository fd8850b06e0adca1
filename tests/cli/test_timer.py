"""deskterm timer: one look, and a daemon that sleeps, wakes, complains once and ends when it is asked."""

import os
import signal
from collections.abc import Callable

import pytest

from deskterm.daemon import Daemon, Stop, pause
from deskterm.desk.timing import Ticked
from deskterm.rules.problems import Problem
from tests.cli.conftest import Cli
from tests.cli.rulebench import in_force

AWAY = Problem("store.unreachable", "Postgres does not answer.", kind="store")
LATE = "2026-03-04T10:00:00Z"


def test_a_look_does_what_is_due_and_says_so(cli: Cli) -> None:
    in_force(cli)
    cli.new("VPN drops", "--type", "incident", "-p", "P2")
    assert cli.ok("timer", "--once", DESKTERM_NOW=LATE).text == "looked at 1 ticket, did something on 1\n"
    assert "late" in cli.show("1")["tags"]
    assert cli.ok("timer", "--once", DESKTERM_NOW=LATE).text == "nothing is due\n"


def test_a_look_at_a_desk_without_rules_finds_nothing(cli: Cli) -> None:
    assert cli.ok("timer", "--once").text == "nothing is due\n"


def test_what_wakes_up_is_opened(cli: Cli) -> None:
    cli.new("VPN drops")
    cli.ok("pending", "1", "--until", "2h")
    cli.ok("timer", "--once", DESKTERM_NOW="2026-03-02T12:00:00Z")
    assert cli.show("1")["status"] == "open"


def test_a_place_without_a_desk_is_refused_and_stays_empty(empty: Cli) -> None:
    assert empty("timer", "--once").code == 5
    assert not (empty.home / "desk.db").exists()


@pytest.mark.parametrize("interval", ["0", "-3", "soon"])
def test_an_interval_is_a_number_of_seconds(cli: Cli, interval: str) -> None:
    assert cli("timer", "--interval", interval).code == 2


def test_the_timer_ends_well_when_it_is_asked_to(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def asked(stop: Stop, seconds: float) -> bool:
        """Somebody asks while it would have slept."""
        if seconds:
            waited.append(seconds)
            os.kill(os.getpid(), signal.SIGTERM)
        return real(stop, seconds)

    real = Stop.wait
    monkeypatch.setattr(Stop, "wait", asked)
    ran = cli("timer", "--interval", "45")
    assert (ran.code, ran.said) == (0, "The timer runs; Ctrl-C ends it.\nThe timer has ended.\n")
    assert waited == [45]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_look_that_did_something_is_told_with_its_time(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force(cli)
    cli.new("VPN drops", "--type", "incident", "-p", "P2")
    monkeypatch.setattr(Stop, "wait", lambda _stop, seconds: seconds > 0)
    ran = cli.ok("timer", DESKTERM_NOW=LATE)
    assert ran.text == "2026-03-04 10:00  looked at 1 ticket, did something on 1\n"


class Looks:
    """A desk whose looks were planned: what each one found, or why it failed."""

    def __init__(self, *planned: Ticked | Problem, upcoming: int | None = None) -> None:
        self.planned = iter(planned)
        self.upcoming = upcoming

    def look(self, stop: Callable[[], bool]) -> tuple[Ticked, int | None]:
        found = next(self.planned)
        if isinstance(found, Problem):
            raise found
        return found, self.upcoming


def slept(looks: Looks, times: int) -> tuple[list[float], list[str], list[Ticked]]:
    """How long a daemon slept after each of so many looks, what it complained of, what it told."""
    pauses: list[float] = []
    said: list[str] = []
    told: list[Ticked] = []

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) == times

    Daemon(
        looks,
        30,
        wait,
        tell=told.append,
        complain=lambda problem: said.append(problem.code),
        recovered=lambda: said.append("well again"),
    ).run()
    return pauses, said, told


def test_a_database_that_is_away_is_asked_ever_less_often_and_complained_of_once() -> None:
    looks = Looks(*[AWAY] * 8)
    assert slept(looks, 8)[:2] == ([1, 2, 5, 10, 30, 60, 60, 60], ["store.unreachable"])


def test_a_database_that_is_back_is_told_and_may_be_complained_of_again() -> None:
    looks = Looks(AWAY, AWAY, Ticked(0), AWAY, Ticked(0))
    pauses, said, _told = slept(looks, 5)
    assert pauses == [1, 2, 30, 1, 30]
    assert said == ["store.unreachable", "well again", "store.unreachable", "well again"]


def test_a_ticket_that_fails_again_and_again_is_complained_of_once() -> None:
    failed = Ticked(0, looked=1, failed=((7, Problem("x.y", "No.")),))
    looks = Looks(failed, failed, Ticked(0), failed)
    assert slept(looks, 4)[1] == ["x.y", "x.y"]


def test_only_looks_that_did_something_are_told() -> None:
    looks = Looks(
        Ticked(0, looked=1), Ticked(1, looked=1, acted=1), Ticked(2, placed=1), Ticked(3, opened=(4,))
    )
    assert [each.at for each in slept(looks, 4)[2]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("upcoming", "seconds"), [(None, 30), (105, 5), (101, 1), (1000, 30), (100, 30), (90, 30)]
)
def test_it_sleeps_until_the_next_thing_is_due_at_most_the_interval(
    upcoming: int | None, seconds: int
) -> None:
    assert pause(100, upcoming, 30) == seconds


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_sleep_at_once(number: signal.Signals) -> None:
    with Stop() as stop:
        assert not stop.wait(0)
        os.kill(os.getpid(), number)
        assert stop.wait(3600)
