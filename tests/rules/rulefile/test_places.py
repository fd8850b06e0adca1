"""The scanner knows where everything stands in whatever `tomllib` reads."""

import tomllib
from datetime import date, datetime, time
from typing import Any

from hypothesis import example, given, strategies as st

from deskterm.rules.rulefile.places import Places, statements
from deskterm.rules.rulefile.toml import write

PIECES = (
    *("[", "]", "[[", "]]", "{", "}", "=", ",", ".", "#", "\n", "\r\n", " ", "\t", "\\", '"', "'"),
    *('"""', "'''", "a", "b", "a.b", "1", "-", "true", "密", '\\"', '"a"', "'b'", "1979-05-27", "a = 1\n"),
    *("[a]\n", "[[a]]\n", "[a.b]\n", "[[a.b]]\n", 'b = """x\n"""\n', "a = [\n1, # ]\n]\n"),
)
soup = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)

keys = st.one_of(
    st.sampled_from(["a", "b", "a-1", "密", "x y", ".", '"', "'", "", "\n"]), st.text(max_size=4)
)
scalars = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["'''", '"""', "#", "a = 1", "[x]", "\\", "\r\n"]),
    st.integers(-(2**60), 2**60),
    st.booleans(),
    st.sampled_from([date(2026, 3, 2), time(9, 30), datetime(2026, 3, 2, 9, 30)]),  # noqa: DTZ001
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
tables = st.dictionaries(keys, values, max_size=5)


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a path of a document."""
    for step in path:
        document = document[step]
    return document


def check(text: str, document: dict[str, Any]) -> None:
    """Each place the scanner tells is where `tomllib` found that very value."""
    found = statements(text)
    places = Places(text, found)
    ends = {each.value: each.end for each in found if each.kind == "key"}
    assert all(each.kind != "noise" for each in found)
    for path, start in places.values.items():
        written = text[start : ends[start]]
        assert tomllib.loads(f"k = {written}")["k"] == at(document, path)
        assert 1 <= places.line(path) <= places.of(path).line <= places.last_line


@given(soup)
@example('a = """""""\nb = 1')
@example("a = ''''a''''\nb = 1")
@example("[[a]]\n[a.b]\nc = 1\n[[a]]\nb.c = 2\n")
@example("a = { b = [1, { c = ']' }] } # }\n[ a2 . 'b' ]\nx = 1")
@example('"\\u0061.b" = 1\n\'c.d\'."e" = 2')
def test_wherever_tomllib_finds_a_value_the_scanner_says_so(text: str) -> None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        places = Places(text)
        assert all(1 <= places.line(path) <= places.last_line for path in places.starts)
    else:
        check(text, document)


@given(tables)
def test_what_is_written_reads_the_same_and_is_found(table: dict[str, Any]) -> None:
    text = write(table)
    assert tomllib.loads(text) == table
    check(text, tomllib.loads(text))


@given(st.text(max_size=60))
def test_any_text_has_places_and_no_error(text: str) -> None:
    places = Places(text)
    assert all(1 <= places.of(path).line <= places.last_line for path in places.starts)


def test_lines_end_the_same_way_with_a_carriage_return() -> None:
    assert Places("a = 1\r\n\r\nb = 2\r\n").of(("b",)) == (3, 5)


def test_what_stands_inside_a_value_has_the_line_of_its_statement() -> None:
    places = Places("[[route]]\nassign = {\n by = 'x' }\n")
    assert places.of(("route", 0, "assign", "by")) == (2, 0)


def test_what_is_missing_has_the_line_of_its_table() -> None:
    assert Places("\n[[route]]\nid = 1\n[[route]]\nid = 2\n").of(("route", 1, "when")) == (4, 0)
