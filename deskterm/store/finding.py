"""Finding words: the few tickets that a page or a count has to look at, when a query has words in it.

Few hits are listed and sorted. Many hits stand near the front of any order as a rule, so the nearest tickets
are compared; where they hold too few, all hits are. Either way nobody reads a million texts for one page.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import ARRAY, Connection, Select, and_, any_, func, literal, select, true
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.elements import True_

from deskterm.rules.query.ast import Node
from deskterm.store.search import Selection
from deskterm.store.tables import tickets
from deskterm.store.textindex import hits, is_exact, is_vague, look_up

__all__ = ["count", "page"]

Condition = ColumnElement[bool]
_NUMBERS: Final = ARRAY(tickets.c.id.type)

FEW: Final = 2_000
"""Hits that are listed; of more, the number is estimated."""
SOME: Final = 20_000
"""Hits that are sorted rather than looked for in the order itself."""
NEAR: Final = (500, 2500, 5000)
"""Tickets at the front of an order whose texts are compared: so many at first, so many more then."""
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
    if selection.words is None:
        return selection.where & beyond
    search = _Search(connection, selection, selection.words, beyond, order)
    return search.found(limit)


def count(connection: Connection, selection: Selection, beyond: Condition | None, limit: int | None) -> int:
    """How many rows of the selection lie `beyond`; with a `limit`, at most that many are counted."""
    words = selection.words
    where = selection.where if beyond is None else selection.where & beyond
    if words is not None:
        alone = beyond is None and isinstance(selection.rest, True_)
        if alone and is_exact(connection.dialect.name, words) and not is_vague(words):
            found = hits(connection.dialect.name, words, internal=selection.internal).limit(limit)
            return _rows(connection, found)
        where = _Search(connection, selection, words, true() if beyond is None else beyond).found(limit)
    return _rows(connection, select(literal(1)).select_from(tickets).where(where).limit(limit))


def _rows(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


class _Search:
    """The ways to find the tickets of one query with words, from the cheapest on."""

    def __init__(
        self,
        connection: Connection,
        selection: Selection,
        words: Node,
        beyond: Condition,
        order: Sequence[ColumnElement[Any]] = (),
    ) -> None:
        self._connection = connection
        self._selection = selection
        self._words = words
        self._others = selection.rest & beyond
        self._order = order
        self._compared: set[int] = set()
        self._held: list[int] = []
        self._whole = False
        self._estimate = 0

    def found(self, limit: int | None) -> Condition:
        """What at least the first `limit` satisfy."""
        return next(found for way in self._ways(limit) if (found := way()) is not None)

    def _ways(self, limit: int | None) -> Iterator[Callable[[], Condition | None]]:
        if is_vague(self._words):
            yield partial(self._near, limit, NEAR[0] if limit and limit <= PAGE else sum(NEAR))
        yield self._few
        if self._estimate > SOME:
            yield self._one_by_one if self._is_long(limit) else partial(self._near, limit, sum(NEAR))
        yield self._all

    def _is_long(self, limit: int | None) -> bool:
        """Whether whoever asks reads on and on: then every text is compared once, and nothing is sorted."""
        return bool(self._order) and limit is not None and limit > PAGE

    def _one_by_one(self) -> Condition:
        return and_(self._others, self._selection.compared)

    def _few(self) -> Condition | None:
        """The hits of the index, if they are few; if not, an estimate of their number from the first ones."""
        hits = look_up(self._connection, self._words, FEW + 1, internal=self._selection.internal)
        if len(hits.tickets) > FEW:
            self._estimate = self._guess(max(hits.tickets))
            return None
        condition = and_(self._among(hits.tickets), self._others)
        return condition if hits.sure else and_(condition, self._selection.compared)

    def _guess(self, reached: int) -> int:
        """How many hits there are when the first few reach so far; Postgres gives them in no order."""
        if self._connection.dialect.name == "postgresql":
            return SOME + 1
        return FEW * int(self._connection.execute(select(func.max(tickets.c.id))).scalar_one()) // reached

    def _near(self, limit: int | None, reach: int) -> Condition | None:
        """Those of the first `reach` tickets that hold the words, unless more must be compared."""
        for size in accumulate(NEAR):
            if size > reach or self._whole:
                break
            self._compare(size, limit)
            if limit and len(self._held) >= limit:
                break
        enough = limit is not None and len(self._held) >= limit
        return and_(self._among(self._held), self._others) if enough or self._whole else None

    def _compare(self, size: int, limit: int | None) -> None:
        """Compare the first `size` tickets of the order; without a limit only if there are no more."""
        front = select(tickets.c.id).where(self._others).order_by(*self._order).limit(size)
        numbers = list(self._connection.execute(front).scalars())
        self._whole = len(numbers) < size
        if limit is None and not self._whole:
            return
        new = [number for number in numbers if number not in self._compared]
        held = select(tickets.c.id).where(self._among(new) & self._selection.compared)
        self._held += self._connection.execute(held).scalars()
        self._compared.update(new)

    def _all(self) -> Condition:
        """All hits of the index."""
        dialect = self._connection.dialect.name
        found = hits(dialect, self._words, internal=self._selection.internal).cte("found")
        if dialect == "postgresql":  # or it asks the index about each ticket, or walks without it
            found = found.prefix_with("MATERIALIZED")
        condition = and_(tickets.c.id.in_(select(found.c.ticket)), self._others)
        exact = is_exact(dialect, self._words)
        return condition if exact else and_(condition, self._selection.compared)

    def _among(self, numbers: list[int]) -> Condition:
        """One parameter, however many they are: the statement stays the same."""
        if self._connection.dialect.name == "postgresql":
            return tickets.c.id == any_(literal(numbers, _NUMBERS))
        listed = func.json_each(literal("[" + ",".join(map(str, numbers)) + "]")).table_valued("value")
        return tickets.c.id.in_(select(listed.c.value))
