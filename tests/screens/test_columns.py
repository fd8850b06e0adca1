"""Columns: every row is as wide as the screen, whatever stands in it."""

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from deskterm import i18n
from deskterm.rules.terms import STATUSES
from deskterm.screens.columns import heading, layout, row_pieces
from deskterm.screens.glyphs import ASCII, UNICODE
from tests.builders import DAY, T0
from tests.screens.hostile import texts
from tests.screens.rows import a_row

WIDTHS = st.integers(60, 250)
STATES = st.sampled_from(["none", "ok", "warn", "overdue", "breached", "paused", "met"])


@given(
    WIDTHS,
    texts,
    texts,
    texts,
    st.integers(1, 9_999_999),
    STATES,
    st.none() | st.integers(T0 - 400 * DAY, T0 + 400 * DAY),
    st.sampled_from([UNICODE, ASCII]),
)
def test_a_row_fills_its_line_exactly(width, subject, name, login, number, state, due, glyphs) -> None:  # type: ignore[no-untyped-def]
    row = a_row(
        number,
        subject=subject,
        requester_name=name,
        organization=name,
        assignee=login,
        sla_state=state,
        next_due_at=due,
        queue=login,
    )
    plan = layout(width, len(str(number)))
    cells = "".join(text for text, _tone in row_pieces(row, plan, T0, glyphs))
    assert plan.gutter + cell_len(cells) == width


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 99, 100, 115, 116, 120, 160, 200])
def test_no_word_of_ours_is_cut_in_any_language(language: str, width: int) -> None:
    i18n.use(language)
    plan = layout(width, 5)
    for status in STATUSES:
        row = a_row(
            subject="x",
            requester_name="Li",
            organization="",
            status=status,
            created_at=T0 - 23 * 3600,
            sla_state="paused",
            next_due_at=None,
        )
        text = "".join(text for text, _tone in row_pieces(row, plan, T0, UNICODE))
        assert plan.gutter + cell_len(text) == width
        assert "…" not in text
    i18n.use("en")


@given(WIDTHS)
def test_the_titles_stand_above_their_columns(width: int) -> None:
    plan = layout(width, 5)
    titles = heading(plan, UNICODE)
    row = " " * plan.gutter + "".join(text for text, _ in row_pieces(a_row(10001), plan, T0, UNICODE))
    assert cell_len(titles) == width
    assert titles.index("Subject") == row.index("VPN")
    assert titles.index("#") == row.index("10001") + 4


def test_narrow_screens_leave_out_organization_status_and_age() -> None:
    text = "".join(text for text, _ in row_pieces(a_row(), layout(80, 5), T0, UNICODE))
    assert "Ann Li" in text
    assert "ACME" not in text
    assert "open" not in text
    assert text.rstrip().endswith("ki")


def test_wide_screens_tell_the_queue() -> None:
    text = "".join(text for text, _ in row_pieces(a_row(queue="hardware"), layout(160, 5), T0, UNICODE))
    assert "hardware" in text
