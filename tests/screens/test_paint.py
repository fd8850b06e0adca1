"""Painting: writing only the differences shows the same as writing everything, in fewer bytes."""

from hypothesis import given, strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from deskterm.screens.paint import Painter
from tests.screens.terminal import VirtualScreen

WIDTH, HEIGHT = 24, 4
CONSOLE = Console(color_system="truecolor", force_terminal=True, _environ={})
STYLES = st.sampled_from(
    [
        Style(),
        Style(color="#cdd2da", bgcolor="#15181d"),
        Style(color="#e5747a", bgcolor="#15181d"),
        Style(color="#cdd2da", bgcolor="#2a3344", bold=True),
        Style(reverse=True),
        Style(color="red"),
        Style(color="bright_white", bgcolor="blue", italic=True),
    ]
)
TEXTS = st.text(alphabet=st.sampled_from("ab c─▸✗打印机👍e\u0301"), max_size=12) | st.just(
    "👨\u200d👩\u200d👧 ❤\ufe0f"
)
SEGMENTS = st.lists(st.tuples(TEXTS, STYLES).map(lambda pair: Segment(*pair)), max_size=5)


def a_strip(segments: list[Segment], width: int = WIDTH) -> Strip:
    # no clean text begins with a mark, so none lands on what another widget painted
    if "".join(segment.text for segment in segments).startswith("\u0301"):
        segments = [Segment("e"), *segments]
    return Strip(segments).adjust_cell_length(width, Style())


FRAMES = st.lists(SEGMENTS, min_size=HEIGHT, max_size=HEIGHT).map(
    lambda lines: LayoutUpdate([[a_strip(line)] for line in lines], Region(0, 0, WIDTH, HEIGHT))
)


@st.composite
def patches(draw: st.DrawFn) -> ChopsUpdate:
    """Some lines, cut in two at a column, one or both halves written anew."""
    cut = draw(st.integers(1, WIDTH - 1))
    rows = draw(st.lists(st.integers(0, HEIGHT - 1), min_size=1, max_size=HEIGHT, unique=True))
    chops: list[dict[int, Strip | None]] = [{0: None, cut: None} for _ in range(HEIGHT)]
    for row in rows:
        chops[row][0] = a_strip(draw(SEGMENTS), cut)
        if draw(st.booleans()):
            chops[row][cut] = a_strip(draw(SEGMENTS), WIDTH - cut)
    spans = [(row, 0, WIDTH) for row in sorted(rows)]
    return ChopsUpdate(chops, spans, [[cut, WIDTH] for _ in range(HEIGHT)])


def seen(screen: VirtualScreen) -> list[list[tuple[str, object]]]:
    """Every cell with what shows of its style: of a blank only the background."""
    return [
        [
            (char, style[2] if char == " " and not style[0] else style)
            for char, style in zip(cells, styles, strict=True)
        ]
        for cells, styles in zip(screen.cells, screen.styles, strict=True)
    ]


@given(FRAMES, st.lists(FRAMES | patches(), max_size=5), st.sampled_from(["xterm-256color", "linux"]))
def test_the_differences_show_the_same_as_the_whole(
    first: LayoutUpdate, updates: list[CompositorUpdate], terminal: str
) -> None:
    whole, lessened, painter = VirtualScreen(WIDTH, HEIGHT), VirtualScreen(WIDTH, HEIGHT), Painter(terminal)
    for update in [first, *updates]:
        whole.feed(update.render_segments(CONSOLE))
        painted = painter.lessen(update, CONSOLE, WIDTH, HEIGHT)
        if painted is not None:
            lessened.feed(painted.render_segments(CONSOLE))
        assert seen(lessened) == seen(whole)


@given(FRAMES)
def test_the_same_again_writes_nothing(frame: LayoutUpdate) -> None:
    painter = Painter()
    painter.lessen(frame, CONSOLE, WIDTH, HEIGHT)
    assert painter.lessen(frame, CONSOLE, WIDTH, HEIGHT) is None


@given(FRAMES)
def test_after_forgetting_everything_is_written(frame: LayoutUpdate) -> None:
    painter, screen = Painter(), VirtualScreen(WIDTH, HEIGHT)
    painter.lessen(frame, CONSOLE, WIDTH, HEIGHT)
    painter.forget()
    again = painter.lessen(frame, CONSOLE, WIDTH, HEIGHT)
    assert again is not None
    screen.feed(frame.render_segments(CONSOLE))
    repainted = VirtualScreen(WIDTH, HEIGHT)
    repainted.feed(again.render_segments(CONSOLE))
    assert repainted.cells == screen.cells


def test_one_changed_letter_costs_a_jump_and_a_letter() -> None:
    painter = Painter()
    style = Style(color="#cdd2da", bgcolor="#15181d")
    before, after = (
        LayoutUpdate([[a_strip([Segment(text, style)])]], Region(0, 0, WIDTH, 1))
        for text in ("the quick brown fox", "the quick green fox")
    )
    painter.lessen(before, CONSOLE, WIDTH, 1)
    painted = painter.lessen(after, CONSOLE, WIDTH, 1)
    assert painted is not None
    assert len(painted.render_segments(CONSOLE)) < 60
