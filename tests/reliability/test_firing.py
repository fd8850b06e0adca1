"""Exactly once: whatever happens to those who tick, each act of the timer is there once, none is missing."""

import sys

import pytest

from deskterm.rules import actions as a
from deskterm.rules.upkeep import ActivateRules
from tests.desks import Bench
from tests.reliability.firing import Lived
from tests.reliability.month import RULES
from tests.reliability.promised import Found, broken
from tests.reliability.test_kills import wait_for_the_dead
from tests.store.children import run

CAMPAIGN = "from tests.reliability.firing import main; main()"


def lived(bench: Bench, tickets: int, days: int, workers: int, seed: int = 1) -> tuple[Lived, Found]:
    """A desk after a campaign, held against what its timelines promise."""
    bench.does(a.AddGroup("apps"))
    bench.does(a.AddAgent("omar", groups=("apps",)))
    bench.does(ActivateRules("month.toml", RULES))
    life = Lived(**run(CAMPAIGN, bench.url, tickets, days, workers, seed))
    wait_for_the_dead(bench.desk.store)
    found = broken(bench.desk.store, life.rounds, life.last)
    bench.clock.at = life.last
    sys.stdout.write(
        f"\n{bench.desk.store.dialect}: {len(life.rounds)} rounds, {life.kills} kills, {life.looked} looks "
        f"in {life.seconds:.0f} s; failed {life.failed}; refused {life.refused}; "
        f"{dict(found.kinds)}; {dict(found.outcomes)}\n"
    )
    return life, found


def test_every_act_is_there_once_though_those_who_tick_are_killed(bench: Bench) -> None:
    life, found = lived(bench, tickets=12, days=6, workers=3)
    assert (found.wrong, life.kills > 3, len(found.kinds) > 3) == ([], True, True)
    rebuilt = bench.desk.ruling.rebuild(repair=False)
    assert (rebuilt.wrong, rebuilt.loads, bench.desk.tick().looked) == ((), {}, 0)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_month_of_five_hundred_tickets_and_eight_who_are_killed(bench: Bench) -> None:
    life, found = lived(bench, tickets=500, days=31, workers=8)
    assert (found.wrong, life.kills > 50, len(found.kinds) > 5) == ([], True, True)
    rebuilt = bench.desk.ruling.rebuild(repair=False)
    assert (rebuilt.wrong, rebuilt.loads, bench.desk.tick().looked) == ((), {}, 0)
