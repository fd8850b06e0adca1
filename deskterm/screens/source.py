"""Where the rows of a view come from: the desk, asked for one query by one viewer."""

from collections.abc import Iterable
from dataclasses import dataclass

from deskterm.desk import Desk
from deskterm.rules.facts import Actor
from deskterm.screens.present import COUNT_CAP
from deskterm.store.rows import Page, TicketRow

__all__ = ["News", "Source"]

PAGE = 100
MOST_MARKED = 1000


@dataclass(frozen=True, slots=True)
class News:
    """What a fresh look found: newer versions, rows that left, how many came, whether the order moved."""

    newer: dict[int, TicketRow]
    gone: frozenset[int]
    came: int
    moved: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One query as its viewer may see it. All methods read the store: call them in a thread."""

    desk: Desk
    viewer: Actor
    query: str

    def first(self) -> Page:
        """The page the view begins with."""
        return self.desk.page(self.query, viewer=self.viewer, limit=PAGE)

    def after(self, place: str) -> Page:
        """The page that follows a place."""
        return self.desk.page(self.query, viewer=self.viewer, limit=PAGE, after=place)

    def before(self, place: str) -> Page:
        """The page that precedes a place."""
        return self.desk.page(self.query, viewer=self.viewer, limit=PAGE, before=place)

    def last(self) -> Page:
        """The page the view ends with."""
        return self.desk.page(self.query, viewer=self.viewer, limit=PAGE, before="")

    def count(self) -> int:
        """How many rows, counted to the cap."""
        return self.desk.count(self.query, viewer=self.viewer, cap=COUNT_CAP)

    def rows_of(self, tickets: Iterable[int]) -> dict[int, TicketRow]:
        """These tickets as they are now, in the view or not."""
        found: dict[int, TicketRow] = {}
        numbers = list(tickets)
        for start in range(0, len(numbers), PAGE):
            some = ",".join(map(str, numbers[start : start + PAGE]))
            page = self.desk.page(f"id:{some}", viewer=self.viewer, limit=PAGE)
            found |= {row.id: row for row in page.rows}
        return found

    def some(self) -> list[TicketRow]:
        """The rows from the first on, at most a thousand."""
        page = self.first()
        rows = list(page.rows)
        while page.after is not None and len(rows) < MOST_MARKED:
            page = self.after(page.after)
            rows += page.rows
        return rows[:MOST_MARKED]

    def news(self, shown: list[TicketRow], place: str | None) -> News:
        """A fresh look at rows that are shown: those the view begins with, or those behind `place`."""
        fresh: list[TicketRow] = []
        page = self.first() if place is None else self.after(place)
        fresh += page.rows
        while page.after is not None and len(fresh) < len(shown):
            page = self.after(page.after)
            fresh += page.rows
        return self._compare(shown, fresh, complete=page.after is None)

    def _compare(self, shown: list[TicketRow], fresh: list[TicketRow], *, complete: bool) -> News:
        before = {row.id for row in shown}
        now = {row.id: row for row in fresh}
        missing = before - now.keys()
        gone = frozenset(ticket for ticket in missing if complete or not self._holds(ticket))
        came = sum(row.id not in before for row in fresh[: _reach(fresh, before, complete=complete)])
        kept_before = [row.id for row in shown if row.id in now]
        kept_now = [row.id for row in fresh if row.id in before]
        return News(now | self.rows_of(missing), gone, came, kept_before != kept_now)

    def _holds(self, ticket: int) -> bool:
        """Whether the view still has a ticket."""
        return self.desk.rank(self.query, ticket, viewer=self.viewer) is not None


def _reach(fresh: list[TicketRow], before: set[int], *, complete: bool) -> int:
    """How far fresh rows stand among the shown ones; behind the last known one is only the next page."""
    if complete:
        return len(fresh)
    known = [place for place, row in enumerate(fresh) if row.id in before]
    return known[-1] + 1 if known else len(fresh)
