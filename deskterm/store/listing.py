"""Lines of the queue: one statement for a page; the names of people who work come from the book."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, Text, func, select, type_coerce
from sqlalchemy.sql import ColumnElement

from deskterm.rules.facts import Book
from deskterm.store.rawtext import ESCAPE, decode_raw
from deskterm.store.rows import TicketRow
from deskterm.store.tables import contact_addresses, contacts, organizations, ticket_tags, tickets

__all__ = ["lines", "ticket_rows"]

_BETWEEN_TAGS: Final = "\x1f"


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The text as the database has it: whether anything is escaped is asked once for a whole page."""
    return type_coerce(func.coalesce(column, ""), Text)


def _tags(dialect: str) -> ColumnElement[Any]:
    joined = func.string_agg if dialect == "postgresql" else func.group_concat
    words = joined(ticket_tags.c.tag, type_coerce(_BETWEEN_TAGS, Text))
    return type_coerce(select(words).where(ticket_tags.c.ticket_id == tickets.c.id).scalar_subquery(), Text)


# no join: for one SQLite would first read all addresses into a Bloom filter
_ADDRESS: Final = (
    select(contact_addresses.c.address)
    .where((contact_addresses.c.contact_id == tickets.c.requester_id) & (contact_addresses.c.rank == 0))
    .scalar_subquery()
)

# in the order in which _row takes them
_COLUMNS: Final = (
    tickets.c.id,
    tickets.c.version,
    tickets.c.queue_id,
    tickets.c.group_id,
    tickets.c.assignee_id,
    tickets.c.created_at,
    tickets.c.updated_at,
    tickets.c.next_due_at,
    tickets.c.reopen_count,
    tickets.c.occurrences,
    *(
        type_coerce(tickets.c[name], Text)
        for name in ("subject", "status", "priority", "type", "category", "channel", "sla_state")
    ),
    _plain(_ADDRESS),
    _plain(contacts.c.name),
    _plain(organizations.c.name),
    _plain(organizations.c.tier),
)
_FIRST_TEXT: Final = 10
_WIDTH: Final = len(_COLUMNS) + 1

_PEOPLE: Final = tickets.outerjoin(contacts, contacts.c.id == tickets.c.requester_id).outerjoin(
    organizations, organizations.c.id == tickets.c.organization_id
)


def lines(dialect: str, keys: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """The statement that `ticket_rows` reads, with the `keys` of the order behind the columns of a line."""
    return select(*_COLUMNS, _tags(dialect), *keys).select_from(_PEOPLE)


def ticket_rows(found: Sequence[Any], book: Book, *, internal: bool = True) -> tuple[TicketRow, ...]:
    """The rows of a page from what `lines` found; without `internal` as requesters see them."""
    texts = [tuple(row[_FIRST_TEXT:_WIDTH]) for row in found]
    if any(ESCAPE in text for row in texts for text in row if text):
        texts = [tuple(text and decode_raw(text) for text in row) for row in texts]
    if not internal:
        texts = [(*text[:-1], "") for text in texts]  # tags are words of those who work here
    return tuple(_row(row, text, book) for row, text in zip(found, texts, strict=True))


def _row(row: Any, text: Sequence[str], book: Book) -> TicketRow:
    number, version, queue, group, assignee, created, updated, due, reopens, occurrences = row[:_FIRST_TEXT]
    subject, status, priority, kind, category, channel, state, address, name, organization, tier, tags = text
    agent = book.agents.get(assignee)
    return TicketRow(
        id=number,
        version=version,
        subject=subject,
        status=status,
        priority=priority,
        type=kind,
        category=category,
        queue=_name(book.queues, queue),
        group=_name(book.groups, group),
        assignee=agent.login if agent else "",
        assignee_name=agent.name if agent else "",
        requester=address,
        requester_name=name,
        organization=organization,
        tier=tier,
        channel=channel,
        tags=tuple(sorted(tags.split(_BETWEEN_TAGS))) if tags else (),
        created_at=created,
        updated_at=updated,
        next_due_at=due,
        sla_state=state,
        reopen_count=reopens,
        occurrences=occurrences,
    )


def _name(known: Mapping[int, Any], number: int | None) -> str:
    found = known.get(number) if number is not None else None
    return found.name if found else ""
