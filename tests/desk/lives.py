"""A desk at a wall clock with one ticket of Ann's on it, and pieces of rule files for its life."""

from deskterm.clock import read_instant
from deskterm.config import zone
from deskterm.rules import actions as a
from deskterm.store.circumstances import fired_for
from deskterm.store.rows import TicketDetail
from tests.desks import Bench

ANN = "ann@acme.example"
HEAD = 'format = 1\ndesk = "it"\ntimezone = "America/New_York"\n'
OFFICE = """
[calendar.NY]
tz = "America/New_York"
week = { mon-fri = ["09:00-17:00"] }
[calendar.CN]
tz = "Asia/Shanghai"
week = { mon-fri = ["09:00-12:00", "13:00-18:00"] }
[calendar.CN.holidays]
"2026-02-15..2026-02-23" = "春节"
[calendar.CN.workdays]
"2026-02-14" = "fri"
"""
CLOSES = """
[[automation]]
id = "close"
anchor = "status:resolved"
after = "3bd"
calendar = "%s"
do = [{ set = { status = "closed" } }]
"""
SLA = """
[calendar.always]
tz = "UTC"
week = { mon-sun = ["00:00-24:00"] }
[[sla]]
id = "std"
when = ""
calendar = "always"
pause = { resolution = ["pending"] }
target.P1 = { resolution = "8h" }
target.P2 = { resolution = "8h" }
target.P3 = { resolution = "8h" }
target.P4 = { resolution = "8h" }
"""
THANKS = """
[lifecycle]
reopen_ignore = 'message.words<=4 message~"thanks","谢谢"'
"""
PARTS = """
[[lifecycle.status]]
id = "waiting_parts"
category = "waiting"
from = ["open"]
to = ["open", "resolved"]
"""


class Life:
    """A desk at a wall clock, with one ticket of Ann's that kim works on."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.number = 0

    def rules(self, *parts: str) -> None:
        """Put a rule file of these parts in force."""
        self.bench.desk.ruling.activate("it.toml", "".join((HEAD, *parts)), {}, self.bench.actor("ada"))

    def at(self, wall: str, place: str = "America/New_York") -> None:
        """It is that time there."""
        self.bench.clock.at = read_instant(wall, zone(place))

    def opens(self, **fields: object) -> int:
        """Ann needs something."""
        self.number = self.bench.opens("VPN drops", "every hour", queue="network", **fields)
        return self.number

    def does(self, action: a.Action, who: str = "kim") -> list[str]:
        """Somebody does it; the kinds of what happened."""
        return [str(each["kind"]) for each in self.bench.does(action, who).changes]

    def says(self, words: str) -> list[str]:
        """Ann writes."""
        return self.does(a.Reply(self.number, words), ANN)

    def resolved(self, who: str = "kim") -> None:
        """Kim, or another, answers and resolves it."""
        self.does(a.Resolve(self.number, "cable", "replaced", reply="replaced"), who)

    def ticks(self, wall: str, place: str = "America/New_York") -> TicketDetail:
        """The timer looks at that time; the ticket then."""
        self.at(wall, place)
        done = self.bench.desk.tick()
        assert done.failed == ()
        return self.ticket

    @property
    def ticket(self) -> TicketDetail:
        """The ticket as ada sees it."""
        return self.bench.desk.ticket(self.number, viewer=self.bench.actor("ada"))

    @property
    def moves(self) -> list[tuple[str, str, str]]:
        """Every status it went to, by whom, and why."""
        told = [each for each in self.ticket.timeline if each.kind == "status"]
        return [(each.data["new"], each.actor, each.data.get("reason", "")) for each in told]

    @property
    def keys(self) -> list[str]:
        """What the timer did for it, by the first words of the keys."""
        with self.bench.desk.store.read() as connection:
            fired = fired_for(connection, self.number)
        return sorted(each.rpartition("/")[0] if each.startswith("wake") else each for each in fired)
