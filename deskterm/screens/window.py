"""The loaded stretch of a view: whole pages in their order, rows found by ticket id."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from deskterm.store.rows import Page, TicketRow

__all__ = ["MOST_ROWS", "Window"]

MOST_ROWS: Final = 2000  # further rows push out the ones farthest away


class Window:
    """Some pages of a view, one behind the other; `start` rows stand before them (None: not known)."""

    def __init__(self) -> None:
        self.rows: list[TicketRow] = []
        self.start: int | None = 0
        self._pages: list[Page] = []
        self._places: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def after(self) -> str | None:
        """Where the next page starts; None when nothing follows."""
        return self._pages[-1].after if self._pages else None

    @property
    def before(self) -> str | None:
        """Where the page before ends; None when nothing precedes."""
        return self._pages[0].before if self._pages else None

    def place(self, ticket: int | None) -> int | None:
        """Where a ticket stands in `rows`, None when it is not loaded."""
        return None if ticket is None else self._places.get(ticket)

    def begin(self, page: Page, start: int | None = 0) -> None:
        """Forget everything and hold this one page."""
        self._pages = [page]
        self.start = start
        self._index()

    def append(self, page: Page) -> int:
        """Add the page that follows; gives how many rows were dropped in front."""
        self._pages.append(self._new_rows(page))
        dropped = 0
        while len(self._pages) > 2 and len(self.rows) + len(page.rows) - dropped > MOST_ROWS:
            dropped += len(self._pages.pop(0).rows)
        if self.start is not None:
            self.start += dropped
        self._index()
        return dropped

    def prepend(self, page: Page) -> int:
        """Add the page that precedes; gives how many rows came in front."""
        page = self._new_rows(page)
        self._pages.insert(0, page)
        total = len(self.rows) + len(page.rows)
        while len(self._pages) > 2 and total > MOST_ROWS:
            total -= len(self._pages.pop().rows)
        if self.start is not None:
            self.start = max(0, self.start - len(page.rows))
        if page.before is None:
            self.start = 0
        self._index()
        return len(page.rows)

    def update(self, newer: Mapping[int, TicketRow]) -> list[int]:
        """Put newer versions of rows in their old places; gives the places that look different now."""
        changed = [place for place, row in enumerate(self.rows) if row.id in newer and newer[row.id] != row]
        if changed:
            self._pages = [
                replace(page, rows=tuple(newer.get(row.id, row) for row in page.rows)) for page in self._pages
            ]
            self._index()
        return changed

    def _new_rows(self, page: Page) -> Page:
        """The page without rows that moved here while we read on: a ticket stands in one place only."""
        fresh = tuple(row for row in page.rows if row.id not in self._places)
        return page if len(fresh) == len(page.rows) else replace(page, rows=fresh)

    def _index(self) -> None:
        self.rows = [row for page in self._pages for row in page.rows]
        self._places = {row.id: place for place, row in enumerate(self.rows)}

    def ids(self) -> Iterable[int]:
        """The tickets in order."""
        return (row.id for row in self.rows)
