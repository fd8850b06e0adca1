"""On a real terminal: no byte of data acts on it, few are written, and a closed line costs no word."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from deskterm.clock import ManualClock
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from tests.screens.conftest import open_at
from tests.screens.hostile import NASTIES
from tests.screens.terminal import Terminal

NAUGHTY = Path(__file__).parents[3] / "shared/data/unicode/blns.txt"
HIDDEN = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
START = "import sys; from deskterm.__main__ import main; sys.exit(main())"

Start = Callable[..., Terminal]


def naughty_lines() -> list[str]:
    """The big list of naughty strings when it is at hand, and always our own."""
    lines = NAUGHTY.read_text(encoding="utf-8").splitlines() if NAUGHTY.exists() else []
    return [*NASTIES, *(line for line in lines if line and not line.startswith("#"))]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the app on the desk in `tmp_path`; it is ended with the test."""
    running: list[Terminal] = []

    def starter(width: int = 120, height: int = 40, **env: str) -> Terminal:
        settings = {
            "DESKTERM_DB": f"sqlite:///{tmp_path / 'desk.db'}",
            "DESKTERM_AS": "lee",
            "DESKTERM_NOW": "2026-03-02T10:00:00Z",
            "DESKTERM_TZ": "UTC",
            "DESKTERM_LANG": "en",
            "DESKTERM_CONFIG": "/dev/null",
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "NO_COLOR": "",
        }
        running.append(Terminal([sys.executable, "-c", START], {**settings, **env}, width, height))
        return running[-1]

    yield starter
    for terminal in running:
        terminal.close()


@pytest.fixture
def busy_file(desks: dict[str, Path], tmp_path: Path) -> None:
    shutil.copyfile(desks["busy"], tmp_path / "desk.db")


def fill_with_naughty_strings(path: Path, clock: ManualClock) -> int:
    """A ticket for each line, some with all of them, people, groups, tags and files named so; how many."""
    lines = naughty_lines()
    desk = open_at(path, clock)
    lee = desk.agent("lee")
    for number, line in enumerate(lines):
        opened = a.OpenTicket(
            line,
            line,
            requester=f"a{number}@evil.example",
            requester_name=line,
            category=line[:60],
            channel="mail",
        )
        try:
            ticket = desk.perform(opened, lee).ticket
        except Problem:  # a subject of nothing but blanks is refused, as it should be
            continue
        assert ticket is not None
        for action in (a.Tag(ticket, add=(line[:60],)), a.SetFields(ticket, {"cf.x": line[:200]})):
            try:
                desk.perform(action, lee)
            except Problem:  # not every line is a tag
                continue
    for start in range(0, len(lines), 120):
        body = "\n".join(lines[start : start + 120])
        ticket = desk.perform(a.OpenTicket("all of them", body, requester="x@evil.example"), lee).ticket
        assert ticket is not None
        file = desk.attach(lines[start], BytesIO(b"x"))
        desk.perform(a.Note(ticket, body, (file,)), lee)
        desk.perform(a.Reply(ticket, body), lee)
        desk.perform(a.Hold(ticket, reason=body[:2000]), lee)
        desk.perform(a.Resolve(ticket, body[:2000], body[:2000]), lee)
    for number, line in enumerate(NASTIES):
        desk.perform(a.AddAgent(f"agent{number}", line or "x"), lee)
        desk.perform(a.AddGroup(f"group{number}", line or "x", members=("lee",)), lee)
    desk.close()
    return len(lines)


def seen_everything(terminal: Terminal, keys: str, times: int = 1) -> None:
    """Press keys and read what is written; a foreign sequence raises."""
    for _ in range(times):
        terminal.press(keys)
        terminal.read(quiet=0.15)


@pytest.mark.timeout(300)
def test_no_naughty_string_acts_on_the_terminal_from_any_screen(
    desks: dict[str, Path], tmp_path: Path, clock: ManualClock, start: Start
) -> None:
    shutil.copyfile(desks["empty"], tmp_path / "desk.db")
    count = fill_with_naughty_strings(tmp_path / "desk.db", clock)
    terminal = start()
    terminal.wait_for("deskterm")
    terminal.read(quiet=1.0)
    seen_everything(terminal, "8")
    seen_everything(terminal, "\x1b[6~", count // 20)  # page by page through the list with its preview
    terminal.wait_for("8 All")
    seen_everything(terminal, ":queue all of them\r")
    seen_everything(terminal, "\r")
    for _ in range(1 + count // 120):
        seen_everything(terminal, "g")
        seen_everything(terminal, "\x06", 12)
        seen_everything(terminal, "3h1W")
        seen_everything(terminal, "]")
    down = "\x1b[B"
    # agents, groups, attachments, resolving, keys, palette: opened and left again
    for keys in (
        "a",
        down * 8,
        "\x1b",
        "A",
        down * 8,
        "\x1b",
        "x",
        "\r",
        "\x1b",
        "e",
        "\x1b",
        "?",
        "\x1b",
        "\x10",
        "\x1b",
    ):
        seen_everything(terminal, keys)
    text = terminal.output.decode()
    assert not HIDDEN.search(text)
    assert "EXTERNAL" in text
    assert terminal.process.poll() is None


@pytest.mark.timeout(120)
def test_pasted_control_characters_do_not_come_back(busy_file: None, start: Start) -> None:
    terminal = start()
    terminal.wait_for("▸")
    paste = (
        "\x1b[200~"
        + "".join(NASTIES).replace("\x1b", "\x1d").encode("utf-8", "replace").decode()
        + "\x1b[201~"
    )
    for keys in ("/", paste, "\x1b", ":", paste, "\x1b", "\r", "r", paste):
        seen_everything(terminal, keys)
    assert not HIDDEN.search(terminal.output.decode())
    assert terminal.process.poll() is None


@pytest.mark.timeout(120)
def test_few_bytes_a_key_and_none_while_nothing_happens(busy_file: None, start: Start) -> None:
    terminal = start()
    terminal.wait_for("▸")
    terminal.read(quiet=1.5)
    assert len(terminal.output) < 80_000
    terminal.press("5")
    terminal.read(quiet=1.0)
    before = len(terminal.output)
    keys = "jjjjjjjjkkjjj\x04jjjkjjjjjj"
    for key in keys:
        terminal.press(key)
        terminal.read(quiet=0.25)
    assert (len(terminal.output) - before) / len(keys) <= 1500
    before = len(terminal.output)
    terminal.read(quiet=3.0, timeout=3.5)
    assert len(terminal.output) == before


@pytest.mark.timeout(120)
def test_a_hang_up_keeps_what_was_typed(busy_file: None, start: Start) -> None:
    terminal = start()
    terminal.wait_for("▸")
    terminal.press("r")
    terminal.wait_for("PUBLIC")
    terminal.press("they cut the line")
    terminal.wait_for("they cut the line")
    terminal.hang_up()
    terminal.wait()
    again = start()
    again.wait_for("▸")
    again.press("r")
    again.wait_for("they cut the line")


@pytest.mark.timeout(120)
def test_the_editor_takes_over_the_terminal_and_gives_it_back(
    busy_file: None, start: Start, tmp_path: Path
) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text("import sys\nopen(sys.argv[1], 'a').write(' and more')\n", encoding="utf-8")
    terminal = start(EDITOR=f"{sys.executable} {editor}")
    terminal.wait_for("▸")
    terminal.press("n")
    terminal.wait_for("INTERNAL NOTE: only agents")
    terminal.press("written here")
    terminal.wait_for("written here")
    terminal.press("\x05")
    terminal.wait_for("written here and more")
    terminal.press("\x13")
    terminal.read(quiet=1.0)
    assert "internal note" in terminal.screen.text


@pytest.mark.timeout(120)
def test_no_color_means_no_colour(busy_file: None, start: Start) -> None:
    terminal = start(NO_COLOR="1")
    terminal.wait_for("▸")
    seen_everything(terminal, "jj5?")
    styles = {style for line in terminal.screen.styles for style in line}
    assert {(foreground, background) for _attributes, foreground, background in styles} <= {
        ("", ""),
        ("39", "49"),
    }


@pytest.mark.timeout(120)
def test_ascii_terminals_get_ascii_signs(desks: dict[str, Path], tmp_path: Path, start: Start) -> None:
    shutil.copyfile(desks["empty"], tmp_path / "desk.db")
    desk = open_at(tmp_path / "desk.db", ManualClock(1_772_445_600))
    desk.perform(a.OpenTicket("plain", "words", requester="ann@acme.example"), desk.agent("lee"))
    desk.close()
    terminal = start(DESKTERM_ASCII="1")
    terminal.press("8")
    terminal.wait_for("> ")
    seen_everything(terminal, "8")
    seen_everything(terminal, "\r")
    for keys in ("r", "\x1b", "e", "\x1b", "p", "\x1b", "?"):
        seen_everything(terminal, keys)
    assert {char for char in terminal.output.decode() if not char.isascii()} == set()
