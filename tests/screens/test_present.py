"""The boundary: what goes into widgets is clean, is what was said, and fits its cells."""

import unicodedata

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from deskterm.rules.clean import clean
from deskterm.screens.glyphs import ASCII, UNICODE, Glyphs
from deskterm.screens.present import count_word, fit, pieces, size_word, sla_cell, time_left, user_text
from tests.screens.hostile import NASTIES, texts


@given(texts)
def test_no_character_that_acts_on_a_terminal_passes(text: str) -> None:
    shown = user_text(text).plain
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"]


@given(texts)
def test_text_is_never_read_as_markup(text: str) -> None:
    content = user_text(text)
    assert content.plain == clean(text)
    assert not content.spans


@pytest.mark.parametrize("text", NASTIES)
def test_pieces_keep_the_texts_and_only_our_styles(text: str) -> None:
    content = pieces([(text, "$quiet"), (text, "")])
    assert content.plain == clean(text) + clean(text)
    assert {str(span.style) for span in content.spans} <= {"$quiet"}


@given(texts, st.integers(0, 40), st.booleans(), st.sampled_from([UNICODE, ASCII]))
def test_fitted_text_takes_exactly_its_cells(text: str, cells: int, right: bool, glyphs: Glyphs) -> None:
    assert cell_len(fit(text, cells, glyphs, right=right)) == cells


@given(st.text(alphabet="abc xyz" * 3, max_size=60), st.integers(1, 40))
def test_ascii_terminals_get_no_ellipsis_of_ours(text: str, cells: int) -> None:
    assert fit(text, cells, ASCII).isascii()


@pytest.mark.parametrize(
    ("state", "left", "shown"),
    [
        ("ok", 3 * 3600 + 20 * 60, "  3:20"),
        ("warn", 41 * 60, "◔ 0:41"),
        ("ok", -12 * 60, "✗ -0:12"),
        ("overdue", -12 * 60, "✗ -0:12"),
        ("paused", None, "‖ paused"),
        ("met", None, "✓ met"),
        ("breached", None, "✗ missed"),
        ("none", None, "  –"),
        ("ok", 400 * 3600, "  16d"),
    ],
)
def test_a_clock_is_glyph_sign_and_time_to_the_nearest_due(state: str, left: int | None, shown: str) -> None:
    now = 1_000_000
    assert sla_cell(state, None if left is None else now + left, now, UNICODE)[0] == shown


@given(
    st.sampled_from(["ok", "warn", "overdue", "paused", "met", "breached", "none"]),
    st.integers(-1_000_000, 1_000_000),
)
def test_no_state_is_told_by_colour_alone(state: str, left: int) -> None:
    due = left if state in ("ok", "warn", "overdue") else None
    text, tone = sla_cell(state, due, 0, ASCII)
    assert text.isascii()
    assert not tone or tone == "$quiet" or text[0] in (ASCII.overdue, ASCII.warning)


@given(st.integers(-10_000_000, 10_000_000))
def test_a_time_left_is_short(seconds: int) -> None:
    assert len(time_left(seconds)) <= 6


def test_capped_counts_say_that_there_are_more() -> None:
    assert [count_word(each) for each in (0, 41, 1000, 1001)] == ["0", "41", "1,000", "1,000+"]


def test_sizes_are_told_in_the_unit_people_use() -> None:
    assert [size_word(each) for each in (1, 312, 2048, 4_100_000)] == [
        "1 byte",
        "312 bytes",
        "2 kB",
        "4.1 MB",
    ]
