"""Bulk: what is loaded at once reads exactly like what was done step by step, and nothing fires."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from deskterm.rules import actions as a
from deskterm.rules.facts import Actor, Agent, Contact, Event, Group, Organization, Queue, Ticket
from deskterm.rules.past import PastEvent, PastTicket
from deskterm.store import schema, tables as t
from deskterm.store.bulk import ORDER, Bulk, link, seize
from deskterm.store.bulk_people import add_agent, add_contact, add_group, add_organization, add_queue
from deskterm.store.engine import Store, open_store
from deskterm.store.portable import records, still
from deskterm.store.snapshot import history_of, ticket_by_id
from tests.builders import T0, a_ticket
from tests.desks import Bench, a_desk, sqlite_url

HOSTILE = "a\0b\ud800\u202e\x1b]0;x\x07[/x] \U0010ffff\t\\N\n中文 ＶＰＮ"
DERIVED_HERE = {t.ticket_texts, t.settings, t.blobs}
"""Words follow from messages; settings and contents go their own way."""


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty desk of each kind."""
    with closing(open_store(database_url)) as made:
        schema.ensure(made)
        yield made


@pytest.fixture
def pg_twin(request: pytest.FixtureRequest, database_url: str) -> Iterator[str | None]:
    """A second database of the same kind, when it is one on a server."""
    if database_url.startswith("sqlite"):
        yield None
        return
    server, name = request.getfixturevalue("pg_server"), next(request.getfixturevalue("pg_names"))
    yield server.create(name)
    server.drop(name)


def rows(connection: Connection, table: Table) -> list[Any]:
    return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]


def unnumbered(connection: Connection, table: Table) -> list[Any]:
    """The rows; messages and files without their own ids, which are given ticket by ticket."""
    found = rows(connection, table)
    if table is t.tickets:  # what rests of the clocks is the last column, and left to the timer
        return [row[:-1] for row in found]
    return sorted((row[1:] for row in found), key=repr) if table in (t.messages, t.attachments) else found


def people(bulk: Bulk) -> None:
    """One of everybody, so that a ticket can refer to them."""
    add_organization(bulk, Organization(1, "ACME", "gold", frozenset({"acme.example"})), T0)
    add_contact(
        bulk, Contact(1, "Ann Li", ("ann@acme.example", "a@home.example"), (1,), vip=True), T0, "x", "7"
    )
    add_agent(bulk, Agent(1, "ada", "Ada", role="admin", contact_id=1), T0)
    add_agent(bulk, Agent(2, "kim", "Kim", active=False), T0)
    add_group(bulk, Group(1, "network", "Network", frozenset({1, 2}), frozenset({1})), T0)
    add_queue(bulk, Queue(1, "triage", "Triage", 1), T0)


def a_past(number: int, seq: int, **values: Any) -> PastTicket:
    """A ticket of one event and one note."""
    basic: dict[str, Any] = {"requester_id": 1, "group_id": 1, "queue_id": 1, "id": number}
    opened = Event(seq, T0, "created", Actor("agent", 1), {"subject": "x"}, "test", 1)
    noted = Event(
        seq + 1, T0 + 1, "message", Actor("agent", 1), {"public": False, "channel": "cli"}, "test", 2
    )
    return PastTicket(a_ticket(**{**basic, **values}), (PastEvent(opened), PastEvent(noted, body="a note")))


def load(store: Store, *pasts: PastTicket) -> Bulk:
    with store.transaction() as connection:
        seize(connection)
        bulk = Bulk(connection)
        if bulk.next_id("agents") == 1:
            people(bulk)
        for past in pasts:
            bulk.ticket(past)
        bulk.settle()
        link(connection, bulk.links)
    return bulk


def past_of(bench: Bench, number: int) -> PastTicket:
    """A performed ticket as a past one."""
    with bench.desk.store.read() as connection:
        ticket = ticket_by_id(connection, number)
        history = history_of(connection, number)
        words = dict(connection.execute(select(t.messages.c.event_id, t.messages.c.body)).all())
        files = connection.execute(select(t.attachments).order_by(t.attachments.c.id)).all()
    assert ticket is not None
    return PastTicket(
        ticket,
        tuple(
            PastEvent(
                event,
                words.get(event.seq),
                tuple(
                    a.Attachment(file.name, file.digest, file.size, file.media_type)
                    for file in files
                    if file.event_id == event.seq
                ),
            )
            for event in history
        ),
    )


def live(bench: Bench) -> list[int]:
    """Two tickets with everything that a ticket can have."""
    file = a.Attachment("log\0.txt", "ab" * 32, 12, "text/plain")
    first = bench.opens(HOSTILE, HOSTILE, tags=("vpn", "中文"), custom={"site": HOSTILE}, attachments=(file,))
    second = bench.opens("Wi-Fi 密码", "again", queue="network")
    for action, who in (
        (a.Note(first, HOSTILE, (file,)), "kim"),
        (a.Reply(first, "which client?"), "kim"),
        (a.Reply(first, "the blue one"), "ann@acme.example"),
        (a.Attach(first, (file,), internal=False), "kim"),
        (a.Hold(first, vendor="northline", until=bench.clock.now() + 9 * 86400), "kim"),
        (a.Assign(second, agent="kim", group="network"), "lee"),
        (a.Resolve(second, "carrier", "line replaced", reply="should work again"), "kim"),
        (a.Reject(second, "no"), "ann@acme.example"),
    ):
        bench.clock.advance(600)
        bench.does(action, who)
    return [first, second]


def test_a_loaded_ticket_is_row_for_row_the_one_that_was_performed(
    bench: Bench, tmp_path: Path, pg_twin: str | None
) -> None:
    pasts = [past_of(bench, number) for number in live(bench)]
    with closing(a_desk(pg_twin or sqlite_url(tmp_path, "twin.db")).desk) as twin:
        with twin.store.transaction() as connection:
            bulk = Bulk(connection)
            for past in pasts:
                bulk.ticket(past)
            bulk.settle()
        for table in (t.tickets, t.ticket_tags, t.ticket_fields, t.ticket_texts, t.messages, t.attachments):
            with bench.desk.store.read() as one, twin.store.read() as other:
                assert unnumbered(other, table) == unnumbered(one, table), table.name


def test_nothing_fires_when_the_past_is_loaded(store: Store) -> None:
    load(store, a_past(1, 1), a_past(2, 3))
    with store.read() as connection:
        assert rows(connection, t.outbox) == rows(connection, t.receipts) == []


def test_people_have_all_that_belongs_to_them(store: Store) -> None:
    load(store)
    with still(store) as connection:
        found = [record for kind, record in records(connection) if kind in ("contact", "group")]
    assert found == [
        {
            "id": 1,
            "name": "Ann Li",
            "vip": True,
            "source": "x",
            "external_id": "7",
            "created_at": T0,
            "addresses": [[0, "ann@acme.example"], [1, "a@home.example"]],
            "organizations": [1],
        },
        {"id": 1, "name": "network", "title": "Network", "created_at": T0, "members": [1, 2], "leads": [1]},
    ]


def test_the_database_counts_on_behind_the_loaded_ids(database_url: str) -> None:
    with closing(a_desk(database_url).desk) as desk:
        with desk.store.transaction() as connection:
            bulk = Bulk(connection)
            bulk.ticket(a_past(70, 900, requester_id=None, group_id=None))
            bulk.settle()
        receipt = desk.perform(a.OpenTicket("next"), desk.agent("ada"))
        assert (receipt.ticket, receipt.events[0]) == (71, 902)


def test_the_database_never_counts_back(database_url: str) -> None:
    with closing(a_desk(database_url).desk) as desk:
        first = desk.perform(a.OpenTicket("first"), desk.agent("ada")).ticket
        with desk.store.transaction() as connection:
            Bulk(connection).settle()
        second = desk.perform(a.OpenTicket("second"), desk.agent("ada")).ticket
        assert first is not None
        assert second == first + 1


def test_people_that_were_loaded_are_in_the_book_at_once(database_url: str) -> None:
    with closing(a_desk(database_url).desk) as desk:
        assert "zoe" not in desk.book().logins
        with desk.store.transaction() as connection:
            bulk = Bulk(connection)
            add_agent(bulk, Agent(90, "zoe", "Zoe"), T0)
            bulk.settle()
        assert desk.book().logins["zoe"] == 90


def test_a_ticket_may_be_merged_into_a_later_one(store: Store) -> None:
    load(store, a_past(1, 1, merged_into=2, status="merged"), a_past(2, 3))
    with store.read() as connection:
        found = ticket_by_id(connection, 1)
    assert found is not None
    assert found.merged_into == 2


@pytest.mark.parametrize(
    "field", ["subject", "category", "vendor", "cause", "solution", "external_id", "status"]
)
def test_texts_are_kept_to_the_letter(store: Store, field: str) -> None:
    value = "open" if field == "status" else HOSTILE
    load(store, a_past(1, 1, **{field: value}, tags=frozenset({HOSTILE}), custom={HOSTILE: HOSTILE}))
    with store.read() as connection:
        found = ticket_by_id(connection, 1)
    assert found is not None
    assert (getattr(found, field), found.tags, found.custom) == (
        value,
        frozenset({HOSTILE}),
        {HOSTILE: HOSTILE},
    )


def test_loading_the_same_ticket_twice_is_refused_and_leaves_nothing(store: Store) -> None:
    load(store, a_past(1, 1))
    with pytest.raises(IntegrityError):
        load(store, a_past(2, 3), a_past(1, 5))
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(t.tickets)).scalar_one() == 1


def test_the_sorting_columns_are_those_that_perform_writes(store: Store) -> None:
    load(store, a_past(1, 1, subject="Wi-Fi 密码", status="closed", priority="P1", next_due_at=None))
    with store.read() as connection:
        row = connection.execute(select(t.tickets)).one()
    assert (row.subject_n, row.is_open, row.priority_rank, row.due_sort) == (" wi fi 密 码 ", False, 3, 2**62)


def test_every_table_is_loaded_in_bulk_or_left_out_on_purpose() -> None:
    known = {table.name for table in ORDER} | {table.name for table in DERIVED_HERE}
    assert known == set(SQLModel.metadata.tables)


@pytest.mark.parametrize("table", ORDER, ids=lambda table: table.name)
def test_every_column_is_loaded(table: Table) -> None:
    left_to_the_timer = {"clocks"} if table is t.tickets else set()
    assert {*ORDER[table], *left_to_the_timer} == set(table.columns.keys())


def test_the_data_of_an_event_stays_as_it_was(store: Store) -> None:
    event = replace(
        a_past(1, 1).events[0].event, data={"new": HOSTILE, "n": [1, None, True], "z": {"b": 2, "a": 1}}
    )
    load(store, PastTicket(a_past(1, 1).ticket, (PastEvent(event),)))
    with store.read() as connection:
        kept = connection.execute(select(t.events.c.data)).scalar_one()
    assert kept == json.dumps(event.data, separators=(",", ":"))


def test_a_ticket_of_the_past_has_no_field_that_the_table_lacks() -> None:
    assert {*Ticket.__dataclass_fields__} - {"tags", "custom"} <= set(t.tickets.columns.keys())
