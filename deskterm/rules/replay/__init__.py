"""Replay: what one revision of the rules makes of a ticket of the past, and where two of them differ.

A ticket is opened again as its timeline tells, with the words it came with; the rules take it as they take a
new one (routing, triggers, policy), and again after everything that happened to it by hand later. What rules
did in those days is left out: fields, tags, places and people that they set, messages that they sent. Moves
between statuses stay whoever made them, for they belong to what happened.

Who was at work is not history: of the agents that rules choose only a `person` is compared. Levels and
automations do nothing here. Requesters, groups and queues are those of today.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from deskterm.rules.facts import Book, Facts
from deskterm.rules.replay.outcome import METRICS, Outcome, Value
from deskterm.rules.replay.past import timeless
from deskterm.rules.replay.walking import retold

if TYPE_CHECKING:
    from deskterm.rules.trace import Trace

__all__ = [
    "METRICS",
    "Difference",
    "Outcome",
    "Replayed",
    "differences",
    "replay_ticket",
    "timeless",
    "traced",
]


class Difference(NamedTuple):
    """A field of a ticket that two revisions make different; dues are instants, tags stand in one text."""

    ticket: int
    field: str
    then: Value
    now: Value


class Replayed(NamedTuple):
    """A ticket under the rules in force (`then`) and under others (`now`)."""

    ticket: int
    then: Outcome
    now: Outcome

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every field that is not the same."""
        return tuple(differences(self))


def replay_ticket(facts: Facts, said: Mapping[int, str], then: Book, now: Book, at: int) -> Replayed:
    """`facts` of a ticket with its whole history under two books (see `timeless`), judged as of `at`.

    `said` are the words of its messages, by the numbers of their events. Raises Problem for a history that
    does not begin with an opening, and for clocks that leave their calendars.
    """
    number = facts.ticket.id if facts.ticket else 0
    before = retold(facts, said, then, then.terms, at)
    after = before if now is then else retold(facts, said, now, then.terms, at)
    return Replayed(number, before, after)


def differences(replayed: Replayed) -> Iterator[Difference]:
    """Every field that is not the same, in a fixed order."""
    then, now = replayed.then.values(), replayed.now.values()
    fields: Mapping[str, None] = dict.fromkeys((*then, *now))
    for field in fields:
        if then.get(field, "") != now.get(field, ""):
            yield Difference(replayed.ticket, field, then.get(field, ""), now.get(field, ""))


def traced(facts: Facts, said: Mapping[int, str], book: Book) -> "Trace":
    """Why `book.rules` would send the ticket where they would; who could take it is as facts and book say."""
    from deskterm.rules.replay.walking import trace_of

    return trace_of(facts, said, book)
