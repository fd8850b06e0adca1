"""Every move from every status through the real desk: what the table does not know leaves no trace at all."""

from collections.abc import Callable, Mapping
from typing import Final

import pytest

from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.store.tables import tickets
from tests.desks import Bench
from tests.reliability.conftest import Copies
from tests.reliability.stored import dump

ANN: Final = "ann@acme.example"
MOVES: Final[Mapping[str, tuple[str, Callable[[int], a.Action]]]] = {
    "pend": ("kim", lambda number: a.Pend(number, "asked")),
    "hold": ("kim", lambda number: a.Hold(number, vendor="northline")),
    "resolve": ("kim", lambda number: a.Resolve(number, "carrier", "replaced", "Works again?")),
    "cancel": ("lee", lambda number: a.Cancel(number, "spam")),
    "close": ("lee", lambda number: a.Close(number, "no answer")),
    "confirm": (ANN, lambda number: a.Confirm(number, "thanks")),
    "reject": (ANN, lambda number: a.Reject(number, "no")),
    "reopen": ("lee", lambda number: a.Reopen(number, "again")),
    "answer": (ANN, lambda number: a.Reply(number, "and now?")),
    "reply": ("kim", lambda number: a.Reply(number, "look here")),
}
# - is refused, = stays where it is
TABLE: Final = """
           pend    hold    resolve  cancel    close  confirm reject reopen answer reply
new        pending on_hold resolved cancelled -      -       -      -      =      open
open       pending on_hold resolved cancelled -      -       -      -      =      =
pending    -       on_hold resolved cancelled -      -       -      -      open   =
on_hold    pending -       resolved -         -      -       -      -      open   =
resolved   -       -       -        -         closed closed  open   open   open   =
closed     -       -       -        -         -      -       -      open   open   -
cancelled  -       -       -        -         -      -       -      open   -      -
merged     -       -       -        -         -      -       -      open   -      -
"""
_NAMES, *_LINES = [line.split() for line in TABLE.strip().splitlines()]
EXPECTED: Final = {line[0]: dict(zip(_NAMES, line[1:], strict=True)) for line in _LINES}
WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "pending": ("pend",),
    "on_hold": ("hold",),
    "resolved": ("resolve",),
    "closed": ("resolve", "close"),
    "cancelled": ("cancel",),
}


@pytest.mark.parametrize("status", EXPECTED)
def test_a_move_is_one_event_or_it_never_was(copies: Copies, status: str) -> None:
    bench = copies()
    for move, expected in EXPECTED[status].items():
        number = a_ticket_that_is(bench, status)
        before = dump(bench.desk.store)
        who, build = MOVES[move]
        try:
            bench.does(build(number), who, key=f"{status} {move}")
        except Problem as problem:
            assert (problem.kind, expected) == ("refused", "-"), (status, move, str(problem))
            assert dump(bench.desk.store) == before
        else:
            moved = [] if expected == "=" else [(status, expected)]
            assert moves(bench, number)[len(WAYS.get(status, ())) :] == moved, (status, move)


def test_a_closed_ticket_is_not_opened_again_after_a_week(copies: Copies) -> None:
    bench = copies()
    number = a_ticket_that_is(bench, "closed")
    bench.clock.advance(7 * 86400 + 1)
    before = dump(bench.desk.store)
    who, build = MOVES["reopen"]
    with pytest.raises(Problem):
        bench.does(build(number), who)
    assert dump(bench.desk.store) == before


def a_ticket_that_is(bench: Bench, status: str) -> int:
    """A ticket of Ann's in that status, brought there by the actions that lead to it."""
    number = bench.opens(queue="network", assignee=None if status == "new" else "kim")
    for move in WAYS.get(status, ()):
        who, build = MOVES[move]
        bench.does(build(number), who)
    if status == "merged":  # no action merges yet
        with bench.desk.store.transaction() as connection:
            connection.execute(tickets.update().where(tickets.c.id == number).values(status="merged"))
    return number


def moves(bench: Bench, number: int) -> list[tuple[str, str]]:
    """All moves that the timeline tells."""
    timeline = bench.desk.ticket(number, viewer=bench.actor("ada")).timeline
    return [(line.data["old"], line.data["new"]) for line in timeline if line.kind == "status"]
