"""The small laws that an import stands on."""

import pytest
from hypothesis import given, strategies as st

from deskterm.desk.importing import spool as module
from deskterm.desk.importing.cells import Cell, Template
from deskterm.desk.importing.slugs import slugged, tagged
from deskterm.desk.importing.spool import Spool
from deskterm.rules.names import check_tag, slug
from deskterm.rules.problems import Problem

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_whatever_somebody_is_called_becomes_a_name(text: str) -> None:
    assert slug("name", slugged(text)) == slugged(text)


@given(ANY_TEXT)
def test_a_name_stays_as_it_is(text: str) -> None:
    assert slugged(slugged(text)) == slugged(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kim Park", "Kim-Park"),
        ("a.b_c-d", "a.b_c-d"),
        ("-x-", "x"),
        ("王芳 (IT)", "王芳-IT"),
        ("me", "me-2744ccd1"),
    ],
)
def test_a_name_is_what_is_left_of_the_words(text: str, name: str) -> None:
    assert slugged(text) == name


@given(ANY_TEXT)
def test_whatever_is_left_of_a_tag_is_a_tag(text: str) -> None:
    if tag := tagged(text):
        check_tag(tag)


KEYS = st.lists(st.tuples(ANY_TEXT, st.integers(-(2**63), 2**63)), unique=True, max_size=60)


@pytest.mark.parametrize("limit", [1, 500, 2**20])
@given(keys=KEYS)
def test_a_spool_gives_everything_back_in_order(limit: int, keys: list[tuple[str, int]]) -> None:
    before, module.RUN = module.RUN, limit  # type: ignore[misc]
    try:
        with Spool() as spool:
            for key in keys:
                spool.add(key, repr(key).encode("utf-8", "surrogatepass"))
            found = list(spool.sorted())
    finally:
        module.RUN = before  # type: ignore[misc]
    assert found == [(key, repr(key).encode("utf-8", "surrogatepass")) for key in sorted(keys)]


@given(
    st.lists(st.tuples(st.text("ab {}%\0"), st.sampled_from(["one", "two"]))), st.text("xy{}%\0", min_size=1)
)
def test_a_text_is_filled_as_it_is_written(parts: list[tuple[str, str]], value: str) -> None:
    parts = [(words.replace("{", "").replace("}", ""), column) for words, column in parts]
    text = "".join(f"{words}{{{column}}}" for words, column in parts)
    filled = "".join(f"{words}{value}" for words, _ in parts)
    if parts:
        assert Template.parse(text).bind({"one": 0, "two": 1})([value, value]) == filled


def test_a_text_with_a_column_that_says_nothing_says_nothing() -> None:
    cell = Cell((Template.parse("{one} and {two}"), Template.parse("only {one}")), value="nobody")
    take = cell.bind({"one": 0, "two": 1})
    assert [take(["a", "b"]), take(["a", ""]), take(["", "b"])] == ["a and b", "only a", "nobody"]


def test_a_spool_without_room_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "RUN", 1)
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with Spool() as spool, pytest.raises(Problem, match=r"No space left on device.*set TMPDIR"):
        spool.add(("a", 1), b"row")
