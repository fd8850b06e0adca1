"""A month at a desk: its rules, what people do to its tickets, and what the clock shows meanwhile."""

from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

from tests.builders import DAY, HOUR, T0

__all__ = ["LATER_RULES", "RULES", "Act", "acts", "moments"]

_FILE: Final = """
format = 1
desk = "it"
timezone = "America/New_York"

[calendar.always]
tz = "UTC"
week = { mon-sun = ["00:00-24:00"] }
[calendar.office]
tz = "America/New_York"
week = { mon-fri = ["09:00-12:00", "13:00-17:30"] }
[calendar.office.holidays]
"2026-03-17" = "St. Patrick"
[calendar.berlin]
tz = "Europe/Berlin"
week = { mon-fri = ["08:00-18:00"], sat = ["22:00-24:00"], sun = ["00:00-06:00"] }

[[route]]
id = "apps"
when = 'category:eu'
group = "apps"
assign = { by = "round_robin" }
[[route]]
id = "rest"
when = ''
queue = "network"
group = "network"
assign = { by = "least_loaded" }

[[sla]]
id = "urgent"
when = 'priority:P1'
calendar = "always"
target.P1 = { first_response = "15m", next_response = "30m", update = "4h", resolution = "8h" }
LEVELS(first_response breach, next_response breach, update breach, resolution 50%, resolution +1h)
[[sla]]
id = "eu"
when = 'category:eu'
calendar = "berlin"
pause = { resolution = ["pending"], update = ["pending"] }
target.P2 = { first_response = "2h", next_response = "2h", update = "24h", resolution = "10h" }
target.P3 = { first_response = "4h", next_response = "4h", resolution = "20h" }
target.P4 = { first_response = "8h", resolution = "30h" }
LEVELS(first_response -30m, next_response 75%, update breach, resolution 75%, resolution +2h wall)
[[sla]]
id = "rest"
when = ''
calendar = "office"
pause = { resolution = ["pending", "on_hold"], update = ["pending"], next_response = ["on_hold"] }
target.P1 = { first_response = "1h", resolution = "4h" }
target.P2 = { first_response = "1h", next_response = "2h", update = "4h", resolution = "8h" }
target.P3 = { first_response = "4h", next_response = "4h", update = "8h", resolution = "24h" }
target.P4 = { first_response = "8h", resolution = "40h" }
LEVELS(first_response breach, next_response breach, update 50%, resolution -30m, resolution breach)
[[sla.level]]
id = "escalate"
metric = "resolution"
at = "+4h"
do = [{ notify = ["lee"] }, { note = "escalate" }, { set = { priority = "+1" } }, { add_tags = ["late"] }]
EXTRA

[[ola]]
id = "apps-own"
group = "apps"
calendar = "berlin"
target = { own = "30m", work = "6h" }
[[ola.level]]
id = "slow"
metric = "work"
at = "breach"
do = [{ notify = ["omar"] }, { note = "slow" }]

[[uc]]
id = "isp"
when = 'status:on_hold vendor:northline'
calendar = "always"
target = { restore = "6h" }
[[uc.level]]
id = "call"
metric = "restore"
at = "breach"
do = [{ notify = ["lee"] }, { note = "call" }]

[[automation]]
id = "nudge"
anchor = "status:pending"
after = "12h"
every = "12h"
calendar = "berlin"
do = [{ note = "nudge" }, { notify = ["kim"] }]
[[automation]]
id = "auto-close"
anchor = "status:resolved"
after = "2bd"
calendar = "office"
do = [{ note = "closing" }, { set = { status = "closed" } }]
[[automation]]
id = "forgotten"
anchor = "status:open priority:P4"
after = "30h wall"
calendar = "always"
do = [{ note = "forgotten" }, { add_tags = ["forgotten"] }]

[[recurring]]
id = "backup"
on = "daily 07:00"
tz = "America/New_York"
ticket = { subject = "Check the backup", priority = "P4" }
"""
_EXTRA: Final = """
[[sla.level]]
id = "late-hour"
metric = "resolution"
at = "+1h"
late = "fire"
do = [{ notify = ["lee"] }, { note = "late-hour" }]
"""


def _levels(text: str) -> str:
    """The file with its LEVELS(...) written out: each tells lee and leaves a note."""
    head, *rest = text.split("LEVELS(")
    for part in rest:
        named, _, tail = part.partition(")")
        for number, words in enumerate(named.split(", ")):
            metric, at = words.split(" ", 1)
            do = f'[{{ notify = ["lee"] }}, {{ note = "{metric} {at}" }}]'
            late = 'late = "skip"' if number == 0 else ""
            head += f'[[sla.level]]\nid = "{metric}-{number}"\nmetric = "{metric}"\nat = "{at}"\n'
            head += f"{late}\ndo = {do}\n"
        head += tail
    return head


LATER_RULES: Final = _levels(_FILE.replace("EXTRA", _EXTRA))
RULES: Final = _levels(_FILE.replace("EXTRA", ""))
"""What is in force from the start; LATER_RULES, with one level more, from the middle of the month."""


class Act(NamedTuple):
    """Something that somebody does at an instant to the ticket that was opened as the `ticket`-th."""

    at: int
    ticket: int
    verb: str


_VERBS: Final = (
    *("answer", "answer", "ask", "ask", "pend", "pend_until", "hold", "hold_until", "resolve", "resolve"),
    *("reopen", "P1", "P2", "P4", "eu", "note", "hand"),
)


def acts(tickets: int, days: int, seed: int) -> list[Act]:
    """What people do to so many tickets, all opened in the first third of the time, in order of time."""
    dice, found = Random(seed), list[Act]()
    for ticket in range(tickets):
        at = T0 + dice.randrange(days * DAY // 3)
        found.append(Act(at, ticket, dice.choice(("open", "open", "open_P1", "open_P4", "open_eu"))))
        for _ in range(dice.randint(1, 9)):
            at += int(dice.choice((1200, HOUR, 5 * HOUR, 2 * DAY)) * dice.uniform(0.3, 1.7))
            found.append(Act(at, ticket, dice.choice(_VERBS)))
    return sorted(found)


def moments(days: int, seed: int) -> Iterator[int]:
    """What the clock shows, step by step: hours, outages of days in between, an hour back and forth."""
    dice, at, end = Random(seed), T0, T0 + days * DAY
    while at < end:
        chance = dice.random()
        if chance < 0.08:
            at += int(DAY * dice.uniform(0.6, min(3, days / 4)))
        elif chance < 0.18:
            yield from (at + HOUR, at)
        elif chance < 0.28:
            yield from (at - HOUR, at)
        else:
            at += int(dice.choice((600, HOUR, 3 * HOUR, 8 * HOUR)) * dice.uniform(0.5, 1.2))
        yield at
