"""Rules that come into force: what was solved before is theirs as well, and timelines tell their name."""

from pathlib import Path

import pytest

from deskterm.rules import actions as a
from deskterm.rules.calendar import CalendarExhausted
from deskterm.rules.upkeep import ActivateRules
from tests.desks import a_desk, sqlite_url

CLOSING = """
format = 1
[[route]]
id = "all"
when = ""
queue = "network"
[[sla]]
id = "all"
when = ""
target = { P1 = {}, P2 = {}, P3 = { resolution = "8h" }, P4 = {} }
[[automation]]
id = "auto-close"
anchor = "status:resolved"
after = "2h"
do = [{ set = { status = "closed" } }]
"""


def test_a_ticket_that_was_solved_before_the_rules_is_closed_by_them(tmp_path: Path) -> None:
    bench = a_desk(sqlite_url(tmp_path))
    ticket = bench.opens()
    bench.does(a.Resolve(ticket, "loose plug", "plugged in"))
    bench.desk.ruling.activate("rules.toml", CLOSING, {}, bench.actor("ada"))
    bench.clock.advance(3 * 3600)
    bench.desk.tick()
    assert bench.desk.ticket(ticket, viewer=bench.actor("ada")).row.status == "closed"


def test_timelines_tell_which_rules_came_into_force(tmp_path: Path) -> None:
    bench = a_desk(sqlite_url(tmp_path))
    bench.desk.ruling.activate("rules.toml", CLOSING, {}, bench.actor("ada"))
    told = [event.data for event in bench.desk.book().activated]
    assert told == [{"rev": 1, "name": "rules.toml"}]


ANSWERED = """
[[sla]]
id = "all"
when = ""
target = { P1 = {}, P2 = {}, P3 = { first_response = "30m" }, P4 = {} }
"""


def test_rules_from_a_host_whose_clock_goes_ahead_hold_at_once_and_move_nobody_s_time(tmp_path: Path) -> None:
    bench = a_desk(sqlite_url(tmp_path))
    bench.desk.ruling.activate("rules.toml", ANSWERED, {}, bench.actor("ada"))
    before = bench.opens()
    bench.clock.advance(3600)
    bench.desk.ruling.activate("rules.toml", ANSWERED, {}, bench.actor("ada"))
    bench.clock.advance(60 - 3600)
    after = bench.opens()
    bench.clock.advance(60)
    told = {ticket: bench.does(a.Reply(ticket, "We look into it."), "kim").at for ticket in (before, after)}
    assert told == dict.fromkeys((before, after), bench.clock.at)
    cycles = {ticket: bench.desk.clocks(ticket, viewer=bench.actor("ada")).cycles for ticket in told}
    assert {(each[0].outcome, each[0].elapsed) for each in cycles.values()} == {("met", 120), ("met", 60)}


def test_a_revision_that_a_clock_put_behind_its_successor_does_not_come_back(tmp_path: Path) -> None:
    bench = a_desk(sqlite_url(tmp_path))
    ticket = bench.opens()
    bench.clock.advance(3600)
    bench.desk.ruling.activate("hasty.toml", ANSWERED, {}, bench.actor("ada"))
    bench.clock.advance(-3600)
    bench.desk.ruling.activate("rules.toml", ANSWERED.replace("30m", "4h"), {}, bench.actor("ada"))
    bench.clock.advance(2 * 3600)
    cycle = bench.desk.clocks(ticket, viewer=bench.actor("ada")).cycles[0]
    assert (cycle.rev, cycle.target) == (2, 4 * 3600)


ENDING = """
[calendar.fair]
tz = "UTC"
week = {}
hours = { "2026-03-07" = ["09:00-17:00"] }
[calendar.office]
tz = "UTC"
week = { mon-fri = ["09:00-17:00"] }
[[sla]]
id = "all"
when = ""
"""
LATE = """
[[sla.level]]
id = "late"
metric = "resolution"
at = "+50000h"
do = [{ notify = ["lead"] }]
"""
ENDLESS = {
    "an end of the hours": ("fair", "8h", ""),
    "too long": ("office", "50000h", ""),
    "a level too late": ("office", "8h", LATE),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_promise_that_its_calendar_never_reaches_does_not_come_into_force(
    tmp_path: Path, name: str
) -> None:
    calendar, length, level = ENDLESS[name]
    target = f'target = {{ P1 = {{}}, P2 = {{}}, P3 = {{ resolution = "{length}" }}, P4 = {{}} }}'
    rules = f'{ENDING}calendar = "{calendar}"\n{target}\n{level}'
    bench = a_desk(sqlite_url(tmp_path))
    with pytest.raises(CalendarExhausted):
        bench.desk.ruling.activate("rules.toml", rules, {}, bench.actor("ada"))
    assert bench.desk.ruling.revisions() == ()
    bench.does(a.Reply(bench.opens(), "We look into it."), "kim")


SHORT = """
[[sla]]
id = "all"
when = ""
target = { P1 = {}, P2 = {}, P3 = { resolution = "1h" }, P4 = {} }
[[sla.level]]
id = "breach"
metric = "resolution"
at = "breach"
do = [{ add_tags = ["late"] }]
"""


@pytest.mark.parametrize("seconds", [0, 1, 600])
def test_new_levels_storm_no_old_ticket_however_long_it_takes_to_reach_it(
    tmp_path: Path, seconds: int
) -> None:
    bench = a_desk(sqlite_url(tmp_path))
    old = bench.opens()
    bench.clock.advance(10 * 3600)
    bench.does(ActivateRules("rules.toml", SHORT))
    bench.clock.advance(seconds)
    bench.desk.ruling.refresh()
    young = bench.opens()
    bench.clock.advance(2 * 3600)
    bench.desk.tick()
    tags = [bench.desk.ticket(each, viewer=bench.actor("ada")).row.tags for each in (old, young)]
    assert tags == [(), ("late",)]
