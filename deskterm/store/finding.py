"""Finding: the few tickets that a page or a count has to look at, where a query has words in it or a list.

The databases guess badly how many tickets satisfy a condition, and where in an order they stand. So a little
is tried first: what an index lists, if that is little, and the front of the order. What these say decides
whether all that is listed is sorted, or the order is walked until enough is found.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import ARRAY, Connection, and_, any_, false, func, literal, not_, or_, select, true
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.elements import True_

from deskterm.store.search import Selection
from deskterm.store.sources import Listing
from deskterm.store.tables import tickets
from deskterm.store.textindex import Lead, look_up

__all__ = ["count", "page"]

Condition = ColumnElement[bool]
_NUMBERS: Final = ARRAY(tickets.c.id.type)

FEW: Final = 2_000
"""Hits that are listed at once."""
SOME: Final = 10_000
"""Tickets of a source that are sorted rather than looked for in the order itself."""
MANY: Final = 60_000
"""Hits that are sorted where none of them stands at the front of the order."""
COMPARING: Final = 4
"""Hits that Postgres reads in the time in which it compares one text."""
NEAR: Final = (500, 3_000, 8_000)
"""Tickets at the front of an order whose texts are compared: so many at first, so many then."""
PAGE: Final = 200
"""Rows of a page; whoever wants more reads on, and each text once."""


def page(
    connection: Connection,
    selection: Selection,
    beyond: Condition,
    order: Sequence[ColumnElement[Any]],
    limit: int,
) -> Condition:
    """What the first `limit` rows of the selection that lie `beyond` satisfy; sort and cut the others off."""
    if selection.lead is not None:
        found = _Search(connection, selection, selection.lead, beyond, order).found(limit)
    elif (shortest := _shortest(connection, selection, SOME)) is not None:
        found = and_(shortest, selection.where, beyond)
    else:
        return and_(selection.where, beyond)
    # what a line shows besides is looked up for these alone, not for all that are sorted
    first = select(tickets.c.id).where(found).order_by(*order).limit(limit)
    return tickets.c.id.in_(first.correlate(None))


def count(connection: Connection, selection: Selection, beyond: Condition | None, limit: int | None) -> int:
    """How many rows of the selection lie `beyond`; with a `limit`, at most that many are counted."""
    within = true() if beyond is None else beyond
    if selection.lead is not None:
        return _Search(connection, selection, selection.lead, within).count(limit)
    shortest = _shortest(connection, selection, MANY)
    return _count(connection, and_(selection.where, within, true() if shortest is None else shortest), limit)


def _count(connection: Connection, where: Condition, limit: int | None) -> int:
    return _length(connection, select(literal(1)).select_from(tickets).where(where), limit)


def _length(connection: Connection, listing: Listing, limit: int | None) -> int:
    counted = select(func.count()).select_from(listing.limit(limit).subquery())
    return int(connection.execute(counted).scalar_one())


def _shortest(connection: Connection, selection: Selection, most: int) -> Condition | None:
    """Standing in the shortest of the sources; None when each lists more than `most`."""
    lengths: list[tuple[int, int]] = []
    for place, source in enumerate(selection.sources):
        lengths.append((_length(connection, source.listing, most + 1), place))
        if lengths[-1][0] <= FEW:
            break
    length, place = min(lengths, default=(most + 1, 0))
    return _standing(connection, selection.sources[place].listing) if length <= most else None


def _standing(connection: Connection, listing: Listing) -> Condition:
    """Standing in `listing`, which is read first."""
    numbers = select(listing.subquery().c.ticket)
    if connection.dialect.name == "postgresql":  # an array leaves no other way open
        return tickets.c.id == any_(func.array(numbers.scalar_subquery(), type_=_NUMBERS))
    return tickets.c.id.in_(numbers)


class _Search:
    """The ways to find the tickets of one query with words, from the cheapest on."""

    def __init__(
        self,
        connection: Connection,
        selection: Selection,
        lead: Lead,
        beyond: Condition,
        order: Sequence[ColumnElement[Any]] = (),
    ) -> None:
        self._connection = connection
        self._postgres = connection.dialect.name == "postgresql"
        self._selection = selection
        self._lead = lead
        self._others = and_(selection.rest, beyond)
        self._bounded = not isinstance(beyond, True_)
        self._alone = isinstance(selection.rest, True_) and not self._bounded
        self._order = order
        self._compared: set[int] = set()
        self._held: list[int] = []
        self._whole = False

    def found(self, limit: int) -> Condition:
        """What at least the first `limit` satisfy."""
        ways: list[Callable[[], Condition | None]] = [self._short, self._few]
        if limit <= PAGE:
            ways.insert(1 if self._is_slow() else 2, partial(self._near, limit))
        ways.append(partial(self._last, limit))
        return next(found for way in ways if (found := way()) is not None)

    def count(self, limit: int | None) -> int:
        """How many there are, up to `limit`."""
        exact = self._alone and self._lead.exact and self._lead.once
        ways: list[Callable[[], Condition | None]] = [self._short]
        if limit and (self._is_slow() or self._bounded):
            ways.append(partial(self._near, limit))
        if not exact:
            ways += [self._few, partial(self._shared, SOME)]
        for way in ways:
            if (found := way()) is not None:
                return _count(self._connection, found, limit)
        if self._is_narrow():
            return _count(self._connection, and_(self._others, self._selection.compared), limit)
        if self._selection.small and not self._is_slow():
            return _count(self._connection, self._hit(), limit)
        return _length(self._connection, self._lead.hits if exact else self._kept(), limit)

    def _is_slow(self) -> bool:
        """Postgres puts all hits together before it gives one, SQLite those of the words that begin so."""
        return self._postgres or self._lead.vague

    def _few(self) -> Condition | None:
        """The hits of the index, if they are few."""
        hits = look_up(self._connection, self._lead, FEW + 1)
        if len(hits.tickets) > FEW:
            return None
        condition = and_(self._among(hits.tickets), self._others)
        return condition if hits.sure else and_(condition, self._selection.compared)

    def _short(self) -> Condition | None:
        """The tickets of a source, if they are so few that their texts can be compared."""
        listed = _shortest(self._connection, self._selection, FEW)
        return None if listed is None else and_(listed, self._others, self._selection.compared)

    def _shared(self, most: int) -> Condition | None:
        """What a source of at most so many tickets has in common with the hits; Postgres is slow to say."""
        listed = None if self._is_slow() else _shortest(self._connection, self._selection, most)
        return None if listed is None else and_(listed, self._hit())

    def _near(self, limit: int) -> Condition | None:
        """Those of the nearest tickets that hold the words, if that is enough or all there are."""
        for size in NEAR if self._is_slow() else NEAR[:1]:
            self._compare(size)
            if self._whole or len(self._held) >= limit:
                return and_(self._among(self._held), self._others)
            if len(self._held) * NEAR[-1] < limit * size:
                return None
        return None

    def _compare(self, size: int) -> None:
        """Compare the first `size` tickets of the order."""
        front = select(tickets.c.id).where(self._others).order_by(*self._order).limit(size)
        numbers = list(self._connection.execute(front).scalars())
        self._whole = len(numbers) < size
        new = [number for number in numbers if number not in self._compared]
        held = select(tickets.c.id).where(self._among(new) & self._selection.compared)
        self._held += self._connection.execute(held).scalars()
        self._compared.update(new)

    def _last(self, limit: int) -> Condition:
        """All hits, where they are not too many to be sorted; else the order is walked."""
        if self._is_narrow() or (limit > PAGE and self._is_wide()):  # each text is compared once
            return and_(self._others, self._selection.compared)
        if not self._held and (shared := self._shared(MANY)) is not None:
            return shared
        if not self._postgres and (self._held or self._selection.small or self._is_wide()):
            return self._hit()
        return and_(_standing(self._connection, self._lead.hits), self._hit(known=True))

    def _hit(self, *, known: bool = False) -> Condition:
        """Standing among all hits, asked of each ticket unless it is `known`, with all else that is asked."""
        found = true() if known else func.coalesce(_standing(self._connection, self._lead.hits), false())
        return and_(self._others, found, true() if self._lead.exact else self._selection.compared)

    def _is_wide(self) -> bool:
        """Whether there are too many hits to be sorted."""
        return self._postgres or _length(self._connection, self._lead.hits, MANY + 1) > MANY

    def _is_narrow(self) -> bool:
        """Whether all else that is asked leaves fewer texts to compare than there are hits to read."""
        if not self._postgres or self._alone:
            return False
        from deskterm.store.estimates import estimate

        left = select(tickets.c.id).where(self._others)
        most = estimate(self._connection, self._lead.hits) // COMPARING
        return estimate(self._connection, left) < most and _length(self._connection, left, most) < most

    def _kept(self) -> Listing:
        """One hit after another with what else is asked of its ticket, so that whoever counts may stop."""
        hits = self._lead.hits.subquery()
        asked = [tickets.c.id == hits.c.ticket, self._others]
        if not self._lead.exact:
            compared = self._selection.compared
            asked.append(or_(not_(hits.c.long), compared) if self._lead.measured else compared)
        kept = select(true()).select_from(tickets).where(*asked).correlate(hits).scalar_subquery()
        listing = select(hits.c.ticket).where(func.coalesce(kept, false()))
        return listing if self._lead.once else listing.distinct()

    def _among(self, numbers: list[int]) -> Condition:
        """One parameter, however many they are: the statement stays the same."""
        if self._postgres:
            return tickets.c.id == any_(literal(numbers, _NUMBERS))
        listed = func.json_each(literal("[" + ",".join(map(str, numbers)) + "]")).table_valued("value")
        return tickets.c.id.in_(select(listed.c.value))
