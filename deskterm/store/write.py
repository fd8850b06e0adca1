"""Write: a decision becomes rows, one timeline event per change, and outbox rows, all in one transaction."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Connection, bindparam, insert, update

from deskterm.rules.actions import Attachment
from deskterm.rules.changes import (
    NEW,
    NUMBER,
    Attached,
    Change,
    Decision,
    Opened,
    Record,
    Said,
    author,
)
from deskterm.rules.facts import Actor, Ticket
from deskterm.rules.frozen import frozen
from deskterm.store import ledger, revisions, texts
from deskterm.store.columns import clocks_of, columns_of, encode
from deskterm.store.feed import announce
from deskterm.store.records import inserted, touch_book, write_record
from deskterm.store.tables import attachments, events, messages, outbox, ticket_fields, ticket_tags, tickets

if TYPE_CHECKING:
    from deskterm.rules.verdicts import Activated

__all__ = ["Written", "apply", "apply_all"]


# statements that take their values when they run cost a third of those that carry them
_TICKET: Final = insert(tickets)
_CHANGE: Final = update(tickets).where(tickets.c.id == bindparam("number"))
_EVENT: Final = insert(events)
_MESSAGE: Final = insert(messages)
_FILE: Final = insert(attachments)
_TAG: Final = insert(ticket_tags)
_FIELD: Final = insert(ticket_fields)
_NOTICE: Final = insert(outbox)


@frozen
class Written:
    """What the store made of a decision: the ticket's or record's number, its version, its events."""

    ticket: int | None
    record: int | None
    version: int
    events: tuple[int, ...]


def apply(connection: Connection, decision: Decision, actor: Actor, now: int, worker: str = "") -> Written:
    """Write `decision`; the caller's transaction makes it whole. `worker` names the process in the ledger."""
    return apply_all(connection, [(now, decision)], actor, worker)[0]


def apply_all(
    connection: Connection, decided: Sequence[tuple[int, Decision]], actor: Actor, worker: str = ""
) -> list[Written]:
    """Write decisions about different tickets, each at its instant: what they send and claim in one go."""
    written = [_apply(connection, decision, actor, now) for now, decision in decided]
    done = list(zip(decided, written, strict=True))
    if letters := [row for (now, decision), each in done for row in _letters(decision, each, now)]:
        connection.execute(_NOTICE, letters)
    ledger.settle(connection, [(decision, each.ticket, now) for (now, decision), each in done], worker)
    announce(connection)
    return written


def _apply(connection: Connection, decision: Decision, actor: Actor, now: int) -> Written:
    made: dict[str, int] = {}
    numbers: list[int] = []
    ticket = decision.before.id if decision.before else None
    version = decision.after.version if decision.after else 0
    for change in decision.changes:
        about = ""
        if isinstance(change, Record):
            about = f"{change.noun}:{write_record(connection, change, made, now)}"
        elif isinstance(change, Opened):
            ticket = _insert(connection, decision.after or change.ticket, decision, made)
        elif change.kind == "rules_activated":
            about = "rules"
        who = author(change, actor)
        number = _event(connection, change, None if about else ticket, about, version, who, now)
        _attach_words(connection, change, ticket, number, indexed=decision.before is None)
        if about == "rules":
            revisions.add(connection, cast("Activated", change), number, actor, now)
            touch_book(connection)
        numbers.append(number)
    if decision.before is not None and decision.after is not None and ticket is not None:
        _update(connection, decision.before, decision.after, decision)
    return Written(ticket, made.get("id"), version, tuple(numbers))


def _insert(connection: Connection, ticket: Ticket, decision: Decision, made: dict[str, int]) -> int:
    # psycopg reads a statement of more than 50 values anew each time: what is NULL anyway is left out
    values = {name: value for name, value in columns_of(ticket, decision.terms).items() if value is not None}
    if decision.left is not None:
        values["clocks"] = clocks_of(decision.left)
    if ticket.requester_id == NEW:
        values["requester_id"] = made["contact"]
    number = inserted(connection, _TICKET, values)
    texts.begin(connection, number, ticket.subject, _said(decision, number))
    _add_tags(connection, number, ticket.tags)
    for name, value in ticket.custom.items():
        _add_field(connection, number, name, value)
    return number


def _update(connection: Connection, before: Ticket, after: Ticket, decision: Decision) -> None:
    old, new = columns_of(before, decision.terms), columns_of(after, decision.terms)
    changed = {name: value for name, value in new.items() if old[name] != value}
    if decision.left is not None:
        changed["clocks"] = clocks_of(decision.left)
    if changed:
        connection.execute(_CHANGE, {"number": before.id, **changed})
    if "subject" in changed:
        texts.rebuild(connection, before.id, after.subject)
    if gone := before.tags - after.tags:
        condition = (ticket_tags.c.ticket_id == before.id) & ticket_tags.c.tag.in_(gone)
        connection.execute(ticket_tags.delete().where(condition))
    _add_tags(connection, before.id, after.tags - before.tags)
    for name in {*before.custom, *after.custom}:
        if before.custom.get(name) != after.custom.get(name):
            _set_field(connection, before.id, name, after.custom.get(name))


def _add_tags(connection: Connection, ticket: int, tags: frozenset[str]) -> None:
    if tags:
        connection.execute(_TAG, [{"ticket_id": ticket, "tag": tag} for tag in sorted(tags)])


def _set_field(connection: Connection, ticket: int, name: str, value: str | None) -> None:
    condition = (ticket_fields.c.ticket_id == ticket) & (ticket_fields.c.name == name)
    connection.execute(ticket_fields.delete().where(condition))
    if value is not None:
        _add_field(connection, ticket, name, value)


def _add_field(connection: Connection, ticket: int, name: str, value: str) -> None:
    connection.execute(_FIELD, {"ticket_id": ticket, "name": name, "value": value})


def _event(
    connection: Connection,
    change: Change,
    ticket: int | None,
    about: str,
    version: int,
    actor: Actor,
    now: int,
) -> int:
    values = {
        "ticket_id": ticket,
        "about": about,
        "version": version if ticket is not None else 0,
        "at": now,
        "kind": change.kind,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "data": encode(change.facts()),
        "because": change.because,
    }
    return inserted(connection, _EVENT, values)


def _said(decision: Decision, ticket: int | None) -> Iterator[tuple[bool, str]]:
    """What is said in a decision: public or not, and the text."""
    for change in decision.changes:
        if isinstance(change, Said):
            yield change.public, _body(change, ticket)


def _body(change: Said, ticket: int | None) -> str:
    return change.body.replace(NUMBER, str(ticket)) if change.auto else change.body


def _attach_words(
    connection: Connection, change: Change, ticket: int | None, event: int, *, indexed: bool
) -> None:
    if isinstance(change, Said):
        body = _body(change, ticket)
        values = {
            "ticket_id": ticket,
            "event_id": event,
            "public": change.public,
            "auto": change.auto,
            "channel": change.channel,
            "body": body,
        }
        connection.execute(_MESSAGE, values)
        if not indexed:
            texts.add(connection, ticket, body, public=change.public)
        _files(connection, change.attachments, ticket, event, internal=not change.public)
    elif isinstance(change, Attached):
        _files(connection, change.attachments, ticket, event, internal=change.internal)


def _files(
    connection: Connection,
    files: tuple[Attachment, ...],
    ticket: int | None,
    event: int,
    *,
    internal: bool,
) -> None:
    for file in files:
        values = {
            "ticket_id": ticket,
            "event_id": event,
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "digest": file.digest,
            "internal": internal,
        }
        connection.execute(_FILE, values)


def _letters(decision: Decision, written: Written, now: int) -> list[dict[str, Any]]:
    """The rows of the outbox for what a decision sends, each under a key that says what it is about."""
    ticket, numbers = written.ticket, written.events
    # an act of the timer need not give the ticket another version
    about = decision.claims[0].key if decision.claims else f"{ticket}/{written.version}"
    return [
        {
            "key": f"{notice.kind}/{about}/{place}",
            "kind": notice.kind,
            "ticket_id": ticket,
            "event_id": numbers[notice.change] if notice.change is not None else None,
            "to": notice.to,
            "payload": encode(notice.payload),
            "because": notice.because,
            "created_at": now,
        }
        for place, notice in enumerate(decision.notices)
    ]
