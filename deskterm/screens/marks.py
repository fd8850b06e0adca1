"""Marks: the tickets chosen for the next action, by their number; a range is open until it is closed."""

from collections.abc import Iterable, Iterator, Mapping

from deskterm.store.rows import TicketRow

__all__ = ["Marks"]


class Marks:
    """Marked tickets in the order they were marked; `begun` is where a range was begun."""

    def __init__(self) -> None:
        self.begun: int | None = None
        self._rows: dict[int, TicketRow] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, ticket: int) -> bool:
        return ticket in self._rows

    def __iter__(self) -> Iterator[TicketRow]:
        return iter(self._rows.values())

    def toggle(self, row: TicketRow) -> None:
        """Mark a ticket, or no longer."""
        if self._rows.pop(row.id, None) is None:
            self._rows[row.id] = row

    def add(self, rows: Iterable[TicketRow]) -> None:
        """Mark all of these."""
        self._rows |= {row.id: row for row in rows}

    def drop(self, tickets: Iterable[int]) -> None:
        """Mark these no longer."""
        for ticket in tickets:
            self._rows.pop(ticket, None)

    def open_range(self, ticket: int) -> None:
        """Begin a range at a ticket."""
        self.begun = ticket

    def close_range(self, rows: Iterable[TicketRow]) -> None:
        """End the range and mark what lies in it."""
        self.begun = None
        self.add(rows)

    def renew(self, newer: Mapping[int, TicketRow]) -> None:
        """Keep newer versions of marked rows."""
        self._rows |= {ticket: row for ticket, row in newer.items() if ticket in self._rows}

    def clear(self) -> bool:
        """Drop range and marks; False when there were none."""
        had = bool(self._rows) or self.begun is not None
        self.begun = None
        self._rows.clear()
        return had
