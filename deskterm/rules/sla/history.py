"""History: what the fold reads of a timeline, in the order in which it happened.

    created         priority, status ("new"), side, group, assignee, policy, rev
                    a requester's ticket opens first_response, every ticket opens resolution
    message         public, side, auto
                    a public word that no machine sent: an agent's answers, a requester's asks
    status          old, new, vendor
                    pauses, resumes, ends and reopens
    field           name, old, new
                    only priority matters: from here on the targets are other ones
    assigned        old, new  · group  old, new
                    begin and end the stays that OLAs measure
    policy_applied  policy ("": none applies), rev
                    other targets, calendar and pauses; what was spent stays spent
    rules_activated rev
                    the policy of the same id in that revision; where it has none the old one stays
    merged_into     ticket
                    the clocks are cancelled
    carried         metric ("next_response"), elapsed
                    what a merge brings: a cycle with at least so much spent
    split_from      at
                    the clocks that begin in this very instant count from the instant `at` on
    due_set         metric, due (an instant; null clears it)
                    a promise in wall time for the cycle that is open; no pause stops it
    exempt          reason
                    all clocks end, none begins
    sla_void        event (its seq), reason
                    the fold reads as if that event had never been

Instants are epoch seconds, lengths open seconds. What is false, empty or as in brackets may be left out;
`created` without `policy` is under the policy "default" of the built-in book. Other kinds (linked,
child_added, tags, attached) are read over.
"""

from collections.abc import Iterable
from typing import NamedTuple

from deskterm.rules.facts import Event

__all__ = ["Void", "in_order", "without_voids"]

_LAST = 1 << 62  # what is being decided has no number yet: it comes behind all that has


class Void(NamedTuple):
    """A lead took the event `event` out of the fold; `seq` and `at` are those of his doing so."""

    event: int
    reason: str
    seq: int
    at: int


def _place(event: Event) -> tuple[int, int]:
    return event.at, event.seq or _LAST


def in_order(history: Iterable[Event]) -> list[Event]:
    """The events by instant and number; those without a number last of their instant, as they were given."""
    return sorted(history, key=_place)


def without_voids(events: list[Event]) -> tuple[list[Event], tuple[Void, ...]]:
    """The events that count, and what was taken out. A void may itself be void."""
    if all(event.kind != "sla_void" for event in events):
        return events, ()
    found: dict[int, Void] = {}
    for event in reversed(events):
        if event.kind == "sla_void" and event.seq not in found:
            target = int(event.data["event"])
            found[target] = Void(target, str(event.data.get("reason", "")), event.seq, event.at)
    kept = [event for event in events if not (event.seq and event.seq in found)]
    return kept, tuple(sorted(found.values(), key=lambda void: (void.at, void.seq)))
