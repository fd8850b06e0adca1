"""The backstop: even a widget that forgot everything writes no control character of its data."""

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

from deskterm.desk import Desk
from deskterm.screens.backstop import Backstop
from tests.screens.conftest import Sit
from tests.screens.hostile import NASTIES

HIDDEN = {"\x1b", "\x9b", "\x07", "\x00", "\u202e", "\u2066", "\ud800"}


@pytest.mark.parametrize("text", NASTIES)
def test_a_line_keeps_its_cells_and_loses_what_acts(text: str) -> None:
    line = [Segment(text)]
    kept = Backstop().apply(line, Color(0, 0, 0))
    assert not HIDDEN & set(kept[0].text)
    assert cell_len(kept[0].text) == cell_len(text)


def test_harmless_lines_are_passed_on_as_they_are() -> None:
    line = [Segment("VPN 每小时断线一次 ▸ ● ✗")]
    assert Backstop().apply(line, Color(0, 0, 0)) is line


class Careless(Widget):
    """A widget that paints data as it came."""

    def render_line(self, y: int) -> Strip:
        return Strip([Segment("\x1b]52;c;aGFja2Vk\x07 \u202egnp")])


class CarelessApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self._filters.append(Backstop())

    def compose(self) -> ComposeResult:
        yield Careless()


async def test_textual_still_passes_every_line_through_the_filter() -> None:
    app = CarelessApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        painted = "".join(strip.text for strip in app.screen._compositor.render_strips())
    assert "]52;c;aGFja2Vk" in painted
    assert not HIDDEN & set(painted)


async def test_the_app_has_the_backstop_whatever_the_theme(empty: Desk, sit: Sit) -> None:
    async with sit(empty) as session:
        for theme in ("deskterm-light", "ansi-dark"):
            session.app.theme = theme
            await session.settle()
            assert any(isinstance(each, Backstop) for each in session.app.get_line_filters())
