"""The full-text index finds what a plain look into the words finds, whatever was written, however often."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Connection, delete, select

from deskterm.rules import actions as a
from deskterm.rules.query.ast import And, Node, Not, Or, SortKey, Text
from deskterm.rules.query.order import complete_order
from deskterm.rules.query.parser import DEPTH_LIMIT
from deskterm.rules.words import norm, tokens
from deskterm.store import finding, textindex, texts, views
from deskterm.store.search import compile_query
from deskterm.store.tables import ticket_texts
from deskterm.store.tables.fulltext import LONGEST_TEXT
from tests.desks import Bench, a_desk, sqlite_url

PIECES = (
    *("VPN will not connect", "ＶＰＮ", "wi-fi", "Wi Fi", "ram", "program", "printers", "print", "a_b", "x"),
    *(
        "密码",
        "忘记密码了",
        "打印机",
        "的",
        "码",
        "é à",
        "éà",
        "e\u0301",
        "ß",
        "O'Brien",
        '"double"',
        "-- ** ^",
    ),
    *(
        "¶",
        "\x00",
        "\x07bell",
        "pass\u200bword",
        "\ud800",
        "\U0010ffff",
        "",
        "١٢٣",
        "ｶﾞ",
        "ок Ёж",
        "OR",
        "NOT",
    ),
    *("l" * 59, "l" * 60, "l" * 61, "m" * 2100, "n" * 40_000),
)
GLUE = (" ", " ", "", "-", "\n", ". ", "  ")
ASKERS = ("ann@acme.example", "bo@globex.example")


class Shelf:
    """A filled desk, and beside it the words of each ticket as the test itself has put them together."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.public: dict[int, str] = {}
        self.internal: dict[int, str] = {}
        self.subject: dict[int, str] = {}
        self.asker: dict[int, str] = {}
        self.fill(random.Random(7))

    def fill(self, draw: random.Random) -> None:
        """Thirty tickets, each written to a few times, the subjects of some corrected."""
        for asker in [*ASKERS] * 15:
            body = _text(draw)
            subject = f"s{_text(draw)}"[:2000]
            number = self.bench.opens(subject, body, requester=asker)
            said = [(True, body)] if body.strip() else []
            for _ in range(draw.randint(0, 4)):
                self.bench.clock.advance(draw.randint(0, 9))
                deed = draw.choice(("note", "reply", "subject"))
                if deed == "subject":
                    subject = f"t{_text(draw)}"[:2000]
                    self.bench.does(a.SetFields(number, {"subject": subject}))
                    continue
                body = f"b{_text(draw)}"
                self.bench.does(a.Note(number, body) if deed == "note" else a.Reply(number, body))
                said.append((deed == "reply", body))
            self.asker[number], self.subject[number] = (
                asker,
                norm(self.bench.desk.ticket(number, viewer=self.bench.actor("ada")).row.subject),
            )
            self.public[number] = self.subject[number] + "".join(
                norm(text) for public, text in said if public
            )
            self.internal[number] = "".join(norm(text) for public, text in said if not public)

    def expected(self, node: Node, who: str = "ada") -> list[int]:
        """The tickets that hold the words, looked for one by one."""
        seen = [number for number in self.asker if who == "ada" or self.asker[number] == who]
        return [number for number in seen if self.holds(node, number, internal=who == "ada")]

    def holds(self, node: Node, number: int, *, internal: bool) -> bool:
        """Whether the ticket's words satisfy the tree."""
        match node:
            case And():
                return all(self.holds(each, number, internal=internal) for each in node.nodes)
            case Or():
                return any(self.holds(each, number, internal=internal) for each in node.nodes)
            case Not():
                return not self.holds(node.node, number, internal=internal)
            case Text(field="subject"):
                return node.needle in self.subject[number]
            case Text():
                inside = internal and node.needle in self.internal[number]
                return inside or node.needle in self.public[number]
        raise TypeError(node)

    def found(self, node: Node, who: str = "ada", sort: tuple[SortKey, ...] = (SortKey("id"),)) -> list[int]:
        """What the database answers: by the page, and the counts agree."""
        desk, book = self.bench.desk, self.bench.desk.book()
        order = complete_order(sort)
        selection = compile_query(node, order, self.bench.actor(who), book, desk.store.dialect)
        numbers: list[int] = []
        after: str | None = None
        with desk.store.read() as connection:
            while True:
                page = views.page(connection, selection, book, limit=4, after=after)
                numbers += [row.id for row in page.rows]
                after = page.after
                if after is None:
                    break
            assert [row.id for row in views.each(connection, selection, book)] == numbers
            assert [views.count(connection, selection, cap) for cap in (0, 1000, 2)] == [
                len(numbers),
                len(numbers),
                min(len(numbers), 3),
            ]
            if numbers:
                assert views.rank(connection, selection, numbers[-1]) == len(numbers) - 1
        return numbers


def _text(draw: random.Random) -> str:
    return "".join(draw.choice(PIECES) + draw.choice(GLUE) for _ in range(draw.randint(0, 6)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """One filled desk for all trees of this module, on each kind of database."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path_factory.mktemp("words"))
    else:
        server, names = request.getfixturevalue("pg_server"), request.getfixturevalue("pg_names")
        url = server.create(next(names))
    bench = a_desk(url)
    yield Shelf(bench)
    bench.desk.close()


@pytest.fixture(params=["few", "near", "sorted", "walked"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the ways to a page: few hits, the nearest tickets, all hits sorted, the order walked."""
    if request.param != "few":
        monkeypatch.setattr(finding, "FEW", 1)
        monkeypatch.setattr(finding, "NEAR", (2, 5, 9) if request.param == "near" else (0,))
        monkeypatch.setattr(finding, "MANY", 1 if request.param == "walked" else 10**9)


# words as they stand next to each other in the pieces, and as they stand in none
_WORDS = sorted({word for piece in PIECES for word in tokens(piece)})
_PHRASES = sorted({" ".join(tokens(one + two)) for one in PIECES for two in PIECES} - {""})


def _one_of(words: list[str]) -> st.SearchStrategy[str]:
    """By its place: some are too long to be told."""
    return st.integers(0, len(words) - 1).map(lambda place: words[place])


_phrases = st.one_of(
    _one_of(_WORDS),
    _one_of(_PHRASES),
    st.lists(_one_of(_WORDS), min_size=2, max_size=3).map(" ".join),
    _one_of(_WORDS).map(lambda word: word[:2]),
    st.text(max_size=6).map(lambda text: norm(text).strip()).filter(bool),
)
_leaves = st.builds(Text, st.sampled_from(["text", "text", "subject"]), _phrases, st.booleans())
_trees: st.SearchStrategy[Node] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda nodes: And(tuple(nodes))),
        st.lists(inner, max_size=3).map(lambda nodes: Or(tuple(nodes))),
    ),
    max_leaves=5,
)


@pytest.mark.usefixtures("way")
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(_trees, st.sampled_from(["ada", *ASKERS]))
def test_the_index_finds_what_a_look_into_every_text_finds(shelf: Shelf, node: Node, who: str) -> None:
    assert shelf.found(node, who) == shelf.expected(node, who)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("field", ["due", "created", "updated", "subject"])
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_of_hits_is_the_order_of_all_tickets_less_the_others(
    shelf: Shelf, field: str, descending: bool
) -> None:
    node, sort = Text("text", "vpn"), (SortKey(field, descending),)
    everything = shelf.found(And(()), sort=sort)
    assert shelf.found(node, sort=sort) == [each for each in everything if each in shelf.expected(node)]


def test_every_ticket_stands_in_the_index_once(shelf: Shelf) -> None:
    with shelf.bench.desk.store.read() as connection:
        assert textindex.unindexed(connection) == 0
        assert all(
            number in _numbers(connection, words.split()[-1]) for number, words in shelf.public.items()
        )


def _numbers(connection: Connection, word: str) -> list[int]:
    query = textindex.hits(connection.dialect.name, Text("text", word), internal=True)
    numbers = [row.ticket for row in connection.execute(query)]
    assert len(numbers) == len(set(numbers))
    return sorted(numbers)


def test_what_is_renewed_is_what_writing_made(shelf: Shelf) -> None:
    with shelf.bench.desk.store.transaction() as connection:
        written = _words_of(connection)
        hits = [_numbers(connection, word) for word in _WORDS]
        texts.renew(connection)
        assert _words_of(connection) == written
        assert [_numbers(connection, word) for word in _WORDS] == hits


def test_a_lost_index_is_renewed(bench: Bench) -> None:
    number = bench.opens("VPN 密码")
    with bench.desk.store.transaction() as connection:
        connection.execute(delete(ticket_texts))
        assert textindex.unindexed(connection) == 1
        texts.renew(connection)
        assert textindex.unindexed(connection) == 0
    assert bench.ids("密码") == [number]


def _words_of(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(ticket_texts).order_by(ticket_texts.c.ticket_id))]


def test_sqlite_finds_its_index_whole_after_all_the_writing(shelf: Shelf) -> None:
    with shelf.bench.desk.store.transaction() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "INSERT INTO ticket_fts (ticket_fts, rank) VALUES ('integrity-check', 1)"
            )
        assert textindex.unindexed(connection) == 0


def test_a_text_beyond_every_measure_of_the_index_is_found_and_parted_as_others(bench: Bench) -> None:
    long = " ".join(f"w{number}" for number in range(LONGEST_TEXT // 5))
    number, other = bench.opens("long", f"{long} 密码 end"), bench.opens("short", "w1 w3 密码")
    assert len(norm(long)) > LONGEST_TEXT
    assert [bench.ids(query) for query in ('"w1 w2"', "w77", "密码", "码密", "zz", '"码 end"', "en*")] == [
        [number],
        [number],
        [number, other],
        [],
        [],
        [number],
        [number],
    ]
    bench.does(a.Note(number, "another"))
    assert bench.ids("another w59999") == [number]


def test_a_corrected_subject_is_found_by_its_new_words_alone(bench: Bench) -> None:
    number = bench.opens("printer broken", "on floor two")
    bench.does(a.Note(number, "内部 备注"))
    bench.does(a.SetFields(number, {"subject": "scanner broken"}))
    gone, kept = ("printer", "subject~printer"), ("scanner", "subject~scanner", "floor", "备注")
    assert [bench.ids(query) for query in gone] == [[], []]
    assert [bench.ids(query) for query in kept] == [[number]] * len(kept)


def test_no_phrase_spans_two_messages(bench: Bench) -> None:
    number = bench.opens("vpn", "密")
    bench.does(a.Reply(number, "码"))
    assert (bench.ids('"vpn 密"'), bench.ids("密码"), bench.ids("密 码 vpn")) == ([], [], [number])


def test_words_may_stand_deep_and_be_many(bench: Bench) -> None:
    number = bench.opens("vpn drops")
    deep, many = "vpn", " OR ".join(f"w{place}" for place in range(190))
    for _ in range(DEPTH_LIMIT // 2):
        deep = f"(vpn ({deep} OR drops))"
    assert [bench.ids(query) for query in (deep, f"{many} OR vpn", many, "vpn " * 199)] == [
        [number],
        [number],
        [],
        [number],
    ]


def test_a_requester_never_finds_a_ticket_by_words_said_inside(bench: Bench) -> None:
    number = bench.opens("vpn", "drops")
    bench.does(a.Note(number, "心里话 secret"))
    ann = bench.actor("ann@acme.example")
    for query in ("secret", "心里话", "vpn secret", "secret OR nothing", "secr*"):
        assert bench.desk.page(query, viewer=ann).rows == ()
        assert bench.desk.count(query, viewer=ann) == 0
    assert [row.id for row in bench.desk.page("vpn -secret", viewer=ann).rows] == [number]


# a desk of seven tickets, and what words find on it
TICKETS = (
    ("VPN will not connect", "error 809 on Wi-Fi"),
    ("密码重置 password reset", "忘记密码了"),
    ("New laptop program", "RAM upgrade"),
    ("Printer on fire", "please help, paper jam"),
    ("spam offer", "buy now"),
    ("ＶＰＮ 无法连接", "全角字符"),
    ('Billing "double" charge', "O'Brien charged twice"),
)
CASES: tuple[tuple[str, list[int]], ...] = (
    ("vpn", [1, 6]),
    ('"will not"', [1]),
    ('"not will"', []),
    ("not will", [1]),
    ("ram", [3]),
    ("progr*", [3]),
    ("progr", []),
    ("密码", [2]),
    ("码密", []),
    ("密", [2]),
    ("密*", [2]),
    ("忘记密码", [2]),
    ('subject~"wi fi"', []),
    ("subject~密码", [2]),
    ("wi-fi", [1]),
    ("text~vpn,ram", [1, 3, 6]),
    ('"o\'brien"', [7]),
    (r'"\"double\""', [7]),
    ("vpn OR ram", [1, 3, 6]),
    ("vpn -error", [6]),
    ("vpn -(error OR wi-fi)", [6]),
    ("vpn OR -printer", [1, 2, 3, 5, 6, 7]),
    ('vpn -"not will" -err*', [6]),
    ("-vpn -密码 -ram", [4, 5, 7]),
    ("(vpn OR priority:P1) error", [1]),
    ("nosuchword", []),
)


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_words_find_what_the_design_says(seven: Bench, query: str, expected: list[int]) -> None:
    assert seven.ids(f"{query} sort:id") == expected


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def seven(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The desk of these cases, on each kind of database."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path_factory.mktemp("seven"))
    else:
        url = request.getfixturevalue("pg_server").create(next(request.getfixturevalue("pg_names")))
    bench = a_desk(url)
    for subject, body in TICKETS:
        bench.opens(subject, body)
    yield bench
    bench.desk.close()
