"""Rules that come into force: what was solved before is theirs as well, and timelines tell their name."""

from pathlib import Path

from deskterm.rules import actions as a
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
