"""A query means the same in memory, on SQLite and on Postgres: random trees over real tickets."""

from collections.abc import Iterator
from itertools import cycle

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select, update

from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.rules.query import parse
from deskterm.rules.query.ast import Node, SortKey
from deskterm.rules.query.bind import bind
from deskterm.rules.query.context import QueryContext
from deskterm.rules.query.fields import SORTABLE
from deskterm.rules.query.order import arranged, complete_order
from deskterm.rules.query.parser import DEPTH_LIMIT
from deskterm.rules.words import norm
from deskterm.store import finding, views
from deskterm.store.search import Selection, compile_query
from deskterm.store.tables import ticket_texts, tickets
from tests import pg
from tests.builders import DAY, T0
from tests.desks import Bench, a_desk, sqlite_url
from tests.rules.query.builders import WORDS, Seen, nodes
from tests.rules.query.test_worked_cases import FOUND

VALUES = ("vpn", "hw", "none", "me", "kim", "net", "acme.example", "", "a b", "x,y", '"', "\\", "*")
SUBJECTS = ("VPN will not connect", "忘记密码了", "ＶＰＮ wi-fi", "status or not", "printer")
NOW = T0 + 3 * DAY


def fill(bench: Bench) -> None:
    """Forty tickets in which the values of random trees occur."""
    values, words = cycle(VALUES), cycle(SUBJECTS)
    for number in range(1, 41):
        bench.clock.advance(DAY // 20)
        action = a.OpenTicket(
            subject=f"{next(words)} {number % 3}",
            body=next(words) if number % 2 else "",
            requester=("ann@acme.example", "bo@globex.example", "cy@vpn.example")[number % 3],
            queue=("triage", "network")[number % 2],
            assignee="kim" if number % 5 == 0 and number % 2 else None,
            priority=("P1", "P2", "P3", "P4")[number % 4],
            category=next(values),
            type=("incident", "request", None)[number % 3],
            impact="high" if number % 7 == 0 else None,
            tags=("vpn",) if number % 3 == 0 else ("hw", "vpn-2") if number % 4 == 0 else (),
            custom={"合同-no": next(values)} if number % 2 else {},
        )
        bench.desk.perform(action, bench.actor("ada"))
        for follow in FOLLOWS[number % len(FOLLOWS)]:
            bench.desk.perform(follow(number), bench.actor("ada"))
    with bench.desk.store.transaction() as connection:
        for old, new in zip(("P4", "P3", "P2", "P1"), WORDS.priorities, strict=True):
            connection.execute(update(tickets).where(tickets.c.priority == old).values(priority=new))


FOLLOWS = (
    (),
    (lambda n: a.Reply(n, "which client?"),),
    (lambda n: a.Note(n, "密码 will not"), lambda n: a.Pend(n, "x")),
    (lambda n: a.Hold(n, vendor="vpn"),),
    (lambda n: a.Resolve(n, "x", "y"), lambda n: a.Reopen(n)),
    (lambda n: a.Resolve(n, "x", "y"), lambda n: a.Close(n)),
)


class Shelf:
    """A filled desk and the same tickets as a query sees them in memory."""

    def __init__(self, bench: Bench, viewer: Actor, context: QueryContext, seen: list[Seen]) -> None:
        self.bench = bench
        self.viewer = viewer
        self.context = context
        self.seen = seen

    def found(self, node: Node, sort: tuple[SortKey, ...] = ()) -> list[int]:
        """What the database answers."""
        desk = self.bench.desk
        with desk.store.read() as connection:
            return [row.id for row in views.each(connection, self.selection(node, sort), desk.book())]

    def counted(self, node: Node) -> int:
        """How many the database counts."""
        with self.bench.desk.store.read() as connection:
            return views.count(connection, self.selection(node), 0)

    def selection(self, node: Node, sort: tuple[SortKey, ...] = ()) -> Selection:
        """The query as the database is asked it."""
        desk = self.bench.desk
        bound, order = bind(node, self.context), complete_order(sort)
        return compile_query(bound, order, self.viewer, desk.book(), desk.store.dialect)


def as_seen(bench: Bench) -> list[Seen]:
    """All tickets, read row by row."""
    with bench.desk.store.read() as connection:
        columns = {row.id: row for row in connection.execute(select(tickets))}
        texts = {row.ticket_id: row for row in connection.execute(select(ticket_texts))}
    made = []
    for row in bench.desk.each("sort:id", viewer=bench.actor("ada")):
        detail = bench.desk.ticket(row.id, viewer=bench.actor("ada"))
        raw, text = columns[row.id], texts[row.id]
        made.append(
            Seen(
                id=row.id,
                status=row.status,
                priority=row.priority,
                queue=row.queue,
                group=row.group,
                assignee=row.assignee,
                requester=row.requester,
                requester_name=row.requester_name,
                org=row.organization,
                tier=row.tier,
                channel=row.channel,
                type=row.type,
                category=row.category,
                lang=raw.lang,
                region=raw.region,
                domain=row.requester.rpartition("@")[2],
                impact=detail.impact,
                urgency=detail.urgency,
                vendor=detail.vendor,
                parent=raw.parent_id,
                tags=frozenset(row.tags),
                custom=dict(detail.custom),
                subject_n=norm(row.subject),
                text_n=text.public_n + text.internal_n,
                created_at=row.created_at,
                updated_at=row.updated_at,
                next_due_at=row.next_due_at,
                waiting_since=raw.waiting_since,
                reopen_count=row.reopen_count,
                sla_state=row.sla_state,
            )
        )
    return made


@pytest.fixture(scope="module")
def pg_url(pg_server: pg.Server, pg_names: Iterator[str]) -> Iterator[str]:
    """An empty Postgres for all trees of this module."""
    name = next(pg_names)
    yield pg_server.create(name)
    pg_server.drop(name)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """One filled desk for all trees of this module, on each kind of database."""
    on_file = request.param == "sqlite"
    url = sqlite_url(tmp_path_factory.mktemp("search")) if on_file else request.getfixturevalue("pg_url")
    bench = a_desk(url)
    fill(bench)
    bench.clock.at = NOW
    context = QueryContext(
        now=NOW, me="kim", zone="America/New_York", vocabulary=WORDS, groups=("network", "net")
    )
    yield Shelf(bench, bench.actor("kim"), context, as_seen(bench))
    bench.desk.close()


@pytest.fixture(params=["listed", "walked"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to the tickets of a condition: from the list of an index, and along the order."""
    if request.param == "walked":
        for name in ("FEW", "SOME", "MANY"):
            monkeypatch.setattr(finding, name, 0)


@pytest.mark.usefixtures("way")
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(nodes())
def test_the_database_finds_what_memory_finds(shelf: Shelf, node: Node) -> None:
    expected = [each.id for each in shelf.seen if node.matches(each, shelf.context)]
    assert (sorted(shelf.found(node)), shelf.counted(node)) == (expected, len(expected))


QUERIES = (
    "is:open priority>=high",
    "is:open -tag:vpn",
    'text~"wi-fi","密码"',
    "忘记",
    "vp*",
    "requester:ann@acme.example,cy@vpn.example",
    "requester:Ann",
    "org:ACME tier:gold",
    "org:none",
    "domain:*.example",
    "domain:acme.*",
    "cf.合同-no:vpn OR category:hw",
    "cf.合同-no:any",
    "is:unassigned group:mine",
    "is:mine OR is:waiting",
    "due<4h",
    "is:overdue",
    "age>1d waiting>1h",
    "created:2026-03-03",
    "NOT (status:closed,resolved)",
    "tag:vpn*",
    "is:reopened",
    "id>10 id<=20",
    "vendor:vpn",
    "密码 OR tag:hw",
    "nosuchword OR requester:Ann OR id:7",
    "(vpn tag:hw) OR id>30 OR cf.合同-no:v*",
    "(printer OR domain:vpn.*) is:open created>2026-03-02",
    "vpn OR status:closed tag:vpn",
    "tag:vpn (密码 OR org:ACME) -printer",
)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("text", [*QUERIES, *FOUND])
def test_a_query_people_type_finds_what_memory_finds(shelf: Shelf, text: str) -> None:
    node = parse(text).where
    expected = [each.id for each in shelf.seen if node.matches(each, shelf.context)]
    assert (sorted(shelf.found(node)), shelf.counted(node)) == (expected, len(expected))


KEYS = st.builds(SortKey, st.sampled_from(list(SORTABLE)), st.booleans())


@settings(max_examples=60)
@given(st.lists(KEYS, max_size=3).map(tuple))
def test_the_database_orders_as_memory_does(shelf: Shelf, sort: tuple[SortKey, ...]) -> None:
    expected = [each.id for each in arranged(shelf.seen, complete_order(sort), shelf.context.vocabulary)]
    assert shelf.found(parse("").where, sort) == expected


@pytest.mark.parametrize("opening", ["(", "-("])
def test_the_deepest_query_that_is_read_is_answered(shelf: Shelf, opening: str) -> None:
    text = "vpn"
    for level in range(DEPTH_LIMIT // len(opening)):
        text = f"{opening}status:open {text})" if level % 2 else f"{opening}tag:hw OR {text})"
    node = parse(text).where
    assert sorted(shelf.found(node)) == [each.id for each in shelf.seen if node.matches(each, shelf.context)]


def test_a_requester_finds_nothing_by_the_words_of_notes(shelf: Shelf) -> None:
    ann = shelf.bench.actor("ann@acme.example")
    internal = [row.id for row in shelf.bench.desk.each('"密码 will not"', viewer=ann)]
    assert internal == []
