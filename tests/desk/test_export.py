"""Export: everything, to the letter, into either kind of database and out again; half of it is no desk."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from deskterm.desk import Desk
from deskterm.desk.exporting import export_desk, import_desk
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from tests.builders import T0
from tests.desks import Bench, a_desk, sqlite_url

HOSTILE = "a\0b\ud800 \udfff\u202e\x1b]0;x\x07[/x] \U0010ffff\t\\N\r\n中文 ＶＰＮ é"
LONG = "x" * 2**20

Open = Callable[[str], Desk]


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens desks that were founded, and nothing more, on the kind of database that is asked for."""
    desks: list[Desk] = []
    names = iter(range(99))

    def make(kind: str) -> Desk:
        if kind == "sqlite":
            url = sqlite_url(tmp_path, f"empty{next(names)}.db")
        else:
            server = request.getfixturevalue("pg_server")
            name = next(request.getfixturevalue("pg_names"))
            dropped.append((server, name))
            url = server.create(name)
        desks.append(a_desk(url, people=False).desk)
        return desks[-1]

    dropped: list[tuple[object, str]] = []
    yield make
    for desk in desks:
        desk.close()
    for server, name in dropped:
        server.drop(name)  # type: ignore[attr-defined]


@pytest.fixture
def full(bench: Bench) -> Bench:
    """A desk with hostile text in everything that takes text."""
    file = bench.desk.attach(HOSTILE, BytesIO(HOSTILE.encode("utf-8", "surrogatepass")))
    other = bench.desk.attach("photo.png", BytesIO(bytes(range(256)) * 300), "image/png")
    bench.does(a.AddContact(HOSTILE, ("eve@acme.example",), lang=HOSTILE, tz=HOSTILE, phone=HOSTILE))
    bench.does(a.AddOrganization(HOSTILE, HOSTILE, ("hostile.example",)))
    bench.does(a.SetGroup("network", title=HOSTILE, add_leads=("kim",)))
    bench.does(a.SetAgent("kim", name=HOSTILE, tz=HOSTILE, lang=HOSTILE))
    bench.does(a.SetQueue("network", title=HOSTILE))
    first = bench.opens(
        HOSTILE, HOSTILE, tags=("vpn", "中文"), custom={"site": HOSTILE}, attachments=(file, other)
    )
    second = bench.opens(LONG, LONG, requester="new@elsewhere.example", requester_name=HOSTILE)
    third = bench.opens("alert", dedupe_key=HOSTILE, requester="eve@acme.example")
    assert bench.opens("alert", dedupe_key=HOSTILE) == third
    for action, who, key in (
        (a.Note(first, HOSTILE, (file,)), "kim", HOSTILE),
        (a.Reply(first, HOSTILE), "kim", None),
        (a.SetFields(first, {"category": HOSTILE, "vendor": HOSTILE, "region": HOSTILE}), "lee", None),
        (a.Hold(first, HOSTILE, vendor=HOSTILE, until=T0 + 9 * 86400), "kim", None),
        (a.Resolve(second, HOSTILE, HOSTILE, reply=HOSTILE), "kim", "key 2"),
        (a.Reject(second, HOSTILE), "new@elsewhere.example", None),
    ):
        bench.clock.advance(60)
        bench.does(action, who, key=key)
    return bench


def exported(desk: Desk) -> bytes:
    out = BytesIO()
    export_desk(desk, out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_export_becomes_the_same_desk_on_either_database(full: Bench, empty: Open, kind: str) -> None:
    first = exported(full.desk)
    twin = empty(kind)
    import_desk(twin, BytesIO(first))
    assert exported(twin) == first


def test_the_same_desk_gives_the_same_bytes_on_both_databases(full: Bench, empty: Open) -> None:
    first = exported(full.desk)
    desks = [empty("sqlite"), empty("postgresql")]
    for desk in desks:
        import_desk(desk, BytesIO(first))
    assert exported(desks[0]) == exported(desks[1])


def test_no_rule_fires_and_no_mail_is_added(full: Bench, empty: Open) -> None:
    twin = empty("sqlite")
    import_desk(twin, BytesIO(exported(full.desk)))
    with full.desk.store.read() as one, twin.store.read() as other:
        for table in ("outbox", "events", "receipts", "messages"):
            query = f"SELECT count(*) FROM {table}"
            assert other.exec_driver_sql(query).scalar() == one.exec_driver_sql(query).scalar(), table


def test_an_imported_desk_finds_what_the_first_one_found(full: Bench, empty: Open) -> None:
    twin = empty("sqlite")
    import_desk(twin, BytesIO(exported(full.desk)))
    for query in ("中文", "tag:vpn", "is:open", "cf.site:*", "text:alert"):
        found = [row.id for row in twin.each(query, viewer=twin.agent("ada"))]
        assert found == full.ids(query), query


def test_an_imported_ticket_reads_like_the_first_one(full: Bench, empty: Open) -> None:
    twin = empty("sqlite")
    import_desk(twin, BytesIO(exported(full.desk)))
    ada = full.actor("ada")
    for number in full.ids():
        assert twin.ticket(number, viewer=ada) == full.desk.ticket(number, viewer=ada)


def test_work_goes_on_behind_the_last_number(full: Bench, empty: Open) -> None:
    last = max(full.ids())
    for kind in ("sqlite", "postgresql"):
        twin = empty(kind)
        import_desk(twin, BytesIO(exported(full.desk)))
        assert twin.perform(a.OpenTicket("next"), twin.agent("ada")).ticket == last + 1


def test_a_key_that_was_used_is_still_used(full: Bench, empty: Open) -> None:
    twin = empty("sqlite")
    import_desk(twin, BytesIO(exported(full.desk)))
    assert twin.perform(a.Note(1, "again"), twin.agent("ada"), key=HOSTILE).replayed


def test_the_contents_of_attachments_come_along(full: Bench, empty: Open) -> None:
    twin = empty("postgresql")
    import_desk(twin, BytesIO(exported(full.desk)))
    (photo,) = {
        each.digest
        for each in twin.ticket(1, viewer=full.actor("ada")).attachments
        if each.name == "photo.png"
    }
    with twin.open_file(photo) as content:
        assert content.read() == bytes(range(256)) * 300


def test_an_export_is_ascii_and_each_line_is_one_record(full: Bench) -> None:
    lines = exported(full.desk).decode("ascii").splitlines()
    kinds = [next(iter(json.loads(line))) for line in lines]
    assert kinds == sorted(kinds, key=ORDER.index)
    assert set(kinds) == set(ORDER) - {"setting", "import"}


ORDER = (
    *("deskterm", "setting", "organization", "contact", "agent", "group", "queue", "ticket", "event"),
    *("receipt", "outbox", "import", "blob", "end"),
)


def test_an_export_is_of_one_moment_whatever_others_write(bench: Bench) -> None:
    bench.opens("before")
    before = exported(bench.desk)

    class Busy(BytesIO):
        def write(self, line: object) -> int:
            if not self.tell():
                bench.opens("meanwhile")
            return super().write(line)  # type: ignore[arg-type]

    out = Busy()
    export_desk(bench.desk, out)
    assert out.getvalue() == before
    assert exported(bench.desk) != before


def test_a_lost_content_is_told_and_does_not_stop_the_rest(full: Bench, empty: Open, tmp_path: Path) -> None:
    twin = empty("sqlite")
    import_desk(twin, BytesIO(exported(full.desk)))
    lost = next(path for path in tmp_path.glob("empty*.files/??/*") if path.is_file())
    lost.unlink()
    out = BytesIO()
    assert export_desk(twin, out).missing == (lost.name,)
    third = empty("sqlite")
    assert import_desk(third, BytesIO(out.getvalue())).missing == (lost.name,)
    assert exported(third) == out.getvalue()


def test_a_used_desk_is_not_imported_into(full: Bench) -> None:
    before = exported(full.desk)
    with pytest.raises(Problem, match="in use already"):
        import_desk(full.desk, BytesIO(before))
    assert exported(full.desk) == before


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The export of a desk with one ticket and a file."""
    with closing(a_desk(sqlite_url(tmp_path_factory.mktemp("small"))).desk) as desk:
        file = desk.attach("a.txt", BytesIO(b"content"))
        desk.perform(a.OpenTicket("one", "body", attachments=(file,)), desk.agent("ada"), key="k")
        return exported(desk)


@pytest.fixture
def fresh(empty: Open) -> Desk:
    return empty("sqlite")


def refused(desk: Desk, content: bytes) -> str:
    """The sentence of the refusal; the desk is as empty as before."""
    before = exported(desk)
    with pytest.raises(Problem) as caught:
        import_desk(desk, BytesIO(content))
    assert exported(desk) == before
    return str(caught.value)


def test_an_export_that_was_cut_off_is_refused_wherever_it_was_cut(small: bytes, fresh: Desk) -> None:
    cuts = [end for end in range(40, len(small), 97) if small[end - 1 : end] != b"\n"]
    for end in cuts:
        line = small[:end].count(b"\n") + 1
        assert refused(fresh, small[:end]) == CUT % line


CUT = "Line %d of this export cannot be taken: it is cut off. Nothing was imported."


def test_an_export_that_was_cut_off_between_two_lines_is_refused(small: bytes, fresh: Desk) -> None:
    lines = small.splitlines(keepends=True)
    for count in range(1, len(lines)):
        told = refused(fresh, b"".join(lines[:count]))
        assert told.startswith(f"Line {count + 1} of this export cannot be taken: the export ends before its")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(99),
        b"number,state\n1,New\n",
        b"[1, 2]\n",
        b'{"a": 1}\n',
        b"\0" * 9999,
    ],
    ids=["nothing", "picture", "csv", "list", "other JSON", "zeros"],
)
def test_a_foreign_file_is_named_as_such(content: bytes, fresh: Desk) -> None:
    assert refused(fresh, content).startswith("Line 1 ")


def test_a_line_that_was_changed_is_noticed(small: bytes, fresh: Desk) -> None:
    assert "not those that were exported" in refused(fresh, small.replace(b'"one"', b'"two"'))


def test_lines_behind_the_end_are_noticed(small: bytes, fresh: Desk) -> None:
    assert "it stands behind the end" in refused(fresh, small + b"\n")


def test_an_export_of_a_newer_deskterm_says_so(small: bytes, fresh: Desk) -> None:
    told = refused(fresh, small.replace(b'"format":1', b'"format":2'))
    assert told.startswith("Line 1 of this export cannot be taken: it was written by another deskterm")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'{"ticket":{"id":1', b'{"ticket":{"id":"1"', '"id" is not what it should be'),
        (b'{"ticket":{"id":1', b'{"ticket":{"id":9223372036854775808', '"id" is not what it should be'),
        (b'{"ticket":{"id":1', b'{"ticket":{"id":true', '"id" is not what it should be'),
        (b'{"ticket":{"id":1', b'{"ticket":{"is_open":true,"id":1', '"is_open" is nothing'),
        (b'"events":[{"id"', b'"events":[7,{"id"', '"events" is not what it should be'),
        (b'"data":{', b'"data":7,"x":{', '"x" is nothing'),
        (b'{"ticket":{"id":1', b'{"tocket":{"id":1', '"tocket" is no kind'),
        (b'"addresses":[[0,', b'"addresses":[["0",', '"addresses" is not what it should be'),
        (b'"members":[', b'"members":["ada",', '"members" is not what it should be'),
        (b'"base64":"', b'"base64":"AAAA', "the content of the attachment is damaged"),
        (b'"status":"closed"', b'"status":"gone"', '"status" is not what it should be'),
    ],
)
def test_a_wrong_record_is_named_by_its_line(
    small: bytes, fresh: Desk, old: bytes, new: bytes, reason: str
) -> None:
    small = small.replace(b'"subject":"one",', b'"subject":"one","status":"closed",', 1)
    place = small.index(old)
    line = small[:place].count(b"\n") + 1
    told = refused(fresh, small.replace(old, new, 1))
    assert told.startswith(f"Line {line} of this export cannot be taken: {reason}")


def sealed(content: bytes) -> bytes:
    """The lines with a last one that fits them."""
    lines = content.splitlines(keepends=True)[:-1]
    end = {"lines": len(lines), "sha256": sha256(b"".join(lines)).hexdigest()}
    return b"".join(lines) + json.dumps({"end": end}).encode() + b"\n"


def test_lines_that_contradict_each_other_are_refused(small: bytes, fresh: Desk) -> None:
    told = refused(fresh, sealed(small.replace(b'"queue_id":1', b'"queue_id":77')))
    assert told.startswith("The lines of this export contradict each other")
