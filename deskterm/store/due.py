"""Due: which tickets the timer has to look at, and which wait for somebody; each in its own order."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Boolean, Connection, bindparam, func, select, tuple_

from deskterm.store.tables import firings, tickets

__all__ = [
    "Waiting",
    "between",
    "changing",
    "is_due",
    "last_occurrences",
    "numbers",
    "upcoming",
    "waiting",
    "waiting_groups",
    "waiting_in",
]

_PAGE: Final = 200
_CHANGING: Final = (
    select(tickets.c.next_change_at, tickets.c.id)
    .where(
        tickets.c.next_change_at.is_not(None)
        & (tickets.c.next_change_at <= bindparam("now"))
        & (tuple_(tickets.c.next_change_at, tickets.c.id) > tuple_(bindparam("at"), bindparam("id")))
    )
    .order_by(tickets.c.next_change_at, tickets.c.id)
    .limit(_PAGE)
)
_MOMENT: Final = select(tickets.c.next_change_at).where(tickets.c.id == bindparam("ticket"))
_UPCOMING: Final = select(func.min(tickets.c.next_change_at)).where(
    tickets.c.next_change_at > bindparam("now")
)
_GROUPS: Final = select(tickets.c.group_id).where(tickets.c.wants_agent).distinct()
_WAITING: Final = (
    select(tickets.c.id, tickets.c.route, tickets.c.priority, tickets.c.channel)
    .where(tickets.c.wants_agent & (tickets.c.group_id == bindparam("group")))
    .order_by(tickets.c.priority_rank.desc(), tickets.c.due_sort, tickets.c.created_at, tickets.c.id)
    .limit(bindparam("most"))
)
_WAITS: Final = select(tickets.c.id, tickets.c.route, tickets.c.priority, tickets.c.channel).where(
    tickets.c.wants_agent & (tickets.c.id == bindparam("ticket"))
)
_OPEN: Final = (
    select(tickets.c.id)
    .where(tickets.c.is_open & (tickets.c.id > bindparam("id")))
    .order_by(tickets.c.id)
    .limit(bindparam("most"))
)
_UNCLOSED: Final = (
    select(tickets.c.id)
    .where((tickets.c.is_open | tickets.c.closed_at.is_(None)) & (tickets.c.id > bindparam("id")))
    .order_by(tickets.c.id)
    .limit(bindparam("most"))
)
_BETWEEN: Final = (
    select(tickets.c.id)
    .where(
        (tickets.c.is_open | (bindparam("solved", type_=Boolean) & tickets.c.closed_at.is_(None)))
        & tickets.c.id.between(bindparam("first"), bindparam("last"))
    )
    .order_by(tickets.c.id)
)
_ALL: Final = (
    select(tickets.c.id).where(tickets.c.id > bindparam("id")).order_by(tickets.c.id).limit(bindparam("most"))
)
_OCCURRED: Final = (
    select(firings.c.rule, func.max(firings.c.nominal_at).label("at"))
    .where(firings.c.key.between("recur/", "recur0"))  # 0 is the letter behind the slash
    .group_by(firings.c.rule)
)


class Waiting(NamedTuple):
    """A ticket that waits for somebody: the route that sent it, and what tells how much it weighs."""

    ticket: int
    route: str
    priority: str
    channel: str


def changing(connection: Connection, now: int, after: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """The next instants and tickets that something is due on by `now`, behind `after`, in order of time."""
    rows = connection.execute(_CHANGING, {"now": now, "at": after[0], "id": after[1]})
    return tuple((row.next_change_at, row.id) for row in rows)


def is_due(connection: Connection, ticket: int, now: int) -> bool:
    """Whether something is due on the ticket by `now`, still."""
    moment = connection.execute(_MOMENT, {"ticket": ticket}).scalar_one_or_none()
    return moment is not None and moment <= now


def upcoming(connection: Connection, now: int) -> int | None:
    """The first instant after `now` at which something is due on a ticket; None for never."""
    found: int | None = connection.execute(_UPCOMING, {"now": now}).scalar_one()
    return found


def waiting_groups(connection: Connection) -> tuple[int, ...]:
    """The groups (ids) in which routed tickets wait for somebody."""
    return tuple(sorted(group for group in connection.execute(_GROUPS).scalars() if group is not None))


def waiting_in(connection: Connection, group: int, most: int) -> tuple[Waiting, ...]:
    """The tickets that wait there, the most urgent first (rules.md section 3, drain)."""
    rows = connection.execute(_WAITING, {"group": group, "most": most})
    return tuple(map(Waiting._make, rows))


def waiting(connection: Connection, ticket: int) -> tuple[Waiting, ...]:
    """That ticket alone, if it waits for somebody."""
    return tuple(map(Waiting._make, connection.execute(_WAITS, {"ticket": ticket})))


def numbers(
    connection: Connection, size: int, *, solved: bool = False, closed: bool = False
) -> Iterator[tuple[int, ...]]:
    """The numbers of all open tickets, of `solved` and of `closed` ones too if asked, some at a time."""
    last, query = 0, _ALL if closed else _UNCLOSED if solved else _OPEN
    while rows := tuple(connection.execute(query, {"id": last, "most": size}).scalars()):
        yield rows
        last = rows[-1]


def between(connection: Connection, first: int, last: int, *, solved: bool = False) -> tuple[int, ...]:
    """The open tickets, the `solved` ones too if asked, that are numbered `first` to `last`."""
    found = connection.execute(_BETWEEN, {"first": first, "last": last, "solved": solved})
    return tuple(found.scalars())


def last_occurrences(connection: Connection) -> Mapping[str, int]:
    """When each recurring rule (its id) was due last, of those that were ever opened or passed over."""
    found: dict[str, int] = {}
    for rule, at in connection.execute(_OCCURRED):
        name = rule.removeprefix("recurring ").rpartition("@")[0]
        found[name] = max(at, found.get(name, at))
    return found
