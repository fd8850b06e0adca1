"""A desk with rules that have much to say, and a ticket that lived under them for two days."""

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from tests.builders import DAY, HOUR, T0

__all__ = ["OWN_WORDS", "RULES", "a_breached_ticket", "put_in_force"]

RULES = """
format = 1
desk = "small"
timezone = "UTC"

[calendar.office]
tz = "UTC"
week = { mon-fri = ["09:00-17:00"] }
day = "8h"

[group.service-desk]
lead = "lee"

[group.network]
lead = "lee"
skills = ["cisco"]

[[classify]]
id = "phones"
when = 'text~"telephone"'
set = { category = "phone" }

[[classify]]
id = "vpn"
when = 'text~"vpn" type:incident'
set = { category = "network.vpn", impact = "high", urgency = "medium" }

[[route]]
id = "major"
when = 'priority:P1'
queue = "network"
group = "network"
assign = { by = "none" }

[[route]]
id = "network"
when = 'category:network.*'
queue = "network"
group = "network"
assign = { by = "least_loaded", need = { cisco = 1 }, relax = ["skills"] }

[[route]]
id = "rest"
when = ''
queue = "triage"
group = "service-desk"
assign = { by = "none" }

[[sla]]
id = "gold"
when = 'tier:platinum'
calendar = "office"
target.P1 = { resolution = "1h" }
target.P2 = { resolution = "2h" }
target.P3 = { resolution = "3h" }
target.P4 = { resolution = "4h" }

[[sla]]
id = "standard"
when = ''
calendar = "office"
pause = { resolution = ["pending"] }
target.P1 = { first_response = "30m", resolution = "2h" }
target.P2 = { first_response = "1h", resolution = "4h" }
target.P3 = { first_response = "2h", resolution = "8h" }
target.P4 = { first_response = "4h", resolution = "16h" }
[[sla.level]]
id = "warn"
metric = "resolution"
at = "75%"
do = [{ add_tags = ["hurry"] }]
[[sla.level]]
id = "L1"
metric = "resolution"
at = "breach"
do = [{ add_tags = ["breached"] }]
[[sla.level]]
id = "L2"
metric = "resolution"
at = "+24h"
do = [{ note = "Escalated." }]

[[ola]]
id = "network-work"
group = "network"
calendar = "office"
target = { work = "6h" }
"""

OWN_WORDS = """
format = 1
desk = "words"
timezone = "UTC"

[priority]
order = ["someday", "soon", "urgent"]
default = "soon"

[group.service-desk]
lead = "lee"

[calendar.always]
tz = "UTC"
week = { mon-sun = ["00:00-24:00"] }

[[route]]
id = "rest"
when = ''
queue = "triage"
group = "service-desk"
assign = { by = "none" }

[[sla]]
id = "only"
when = ''
calendar = "always"
target.urgent = { resolution = "1h" }
target.soon = { resolution = "8h" }
target.someday = { resolution = "80h" }

[[lifecycle.status]]
id = "with_courier"
category = "waiting"
from = ["new", "open"]
to = ["open", "resolved"]
who = ["agent", "lead", "admin"]
"""


def put_in_force(desk: Desk, rules: str = RULES) -> Actor:
    """lee, who put these rules in force."""
    lee = desk.agent("lee")
    desk.ruling.activate("small.toml", rules, {}, lee)
    return lee


def a_breached_ticket(desk: Desk, clock: ManualClock) -> int:
    """Opened on a Monday at ten, paused over the afternoon, overdue since Tuesday at three."""
    put_in_force(desk)
    opened = a.OpenTicket("VPN [drops]", "vpn", requester="bo@acme.example", type="incident")
    number = desk.perform(opened, desk.agent("omar")).ticket
    assert number is not None
    kim, bo = desk.agent("kim"), desk.requester("bo@acme.example")
    for at, who, action in (
        (T0 + HOUR, kim, a.Reply(number, "We look.")),
        (T0 + 2 * HOUR, kim, a.Pend(number, "the log")),
        (T0 + DAY + 3 * HOUR, bo, a.Reply(number, "Here is the log.")),
    ):
        clock.at = at
        desk.tick()
        desk.perform(action, who)
    clock.at = T0 + DAY + 6 * HOUR + 90
    desk.tick()
    return number
