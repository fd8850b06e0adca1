"""The line where a search or a command is typed: shown as text until it is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message

from deskterm.i18n import N_, say
from deskterm.rules.problems import Problem
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import pieces, user_text
from deskterm.screens.widgets.choice_list import Choice, ChoiceList
from deskterm.screens.widgets.text import Line

__all__ = ["Completer", "Completions", "Prompt", "underlined"]

Completer = Callable[[str, int], Sequence[Choice]]
"""(text, place of the cursor) -> choices whose value is the whole text, completed."""


class Completions(ChoiceList):
    """What could follow, above the list."""

    DEFAULT_CSS = """
    Completions {
        layer: over; dock: top; display: none; width: auto; max-width: 90%; height: auto; max-height: 8;
        background: $panel; margin: 4 0 0 2;
    }
    """


class Prompt(Horizontal):
    """`/ query` or `: command`; tells what was entered, and checks while one types."""

    DEFAULT_CSS = """
    Prompt { height: 1; }
    Prompt #sign { width: 3; color: $primary; text-style: bold; }
    Prompt #aside { width: auto; color: $quiet; }
    Prompt Entry { width: 1fr; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", N_("leave the line"), id="prompt.leave"),
        Binding("tab", "complete", N_("complete"), id="prompt.complete", priority=True),
        Binding("down", "move(1)", N_("next completion"), id="prompt.down", show=False),
        Binding("up", "move(-1)", N_("completion before"), id="prompt.up", show=False),
    ]

    @dataclass
    class Entered(Message):
        """A line was entered; `sign` is "/" or ":"."""

        sign: str
        text: str

    @dataclass
    class Left(Message):
        """The line was left without entering anything."""

    @dataclass
    class Checked(Message):
        """The line was looked at: a Problem, or None when it reads well."""

        problem: Problem | None

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self.sign = "/"
        self.text = ""
        self._check: Callable[[str], None] = _accept
        self._complete: Completer = _nothing

    def compose(self) -> ComposeResult:
        yield Line(user_text(" / "), id="sign")
        yield Line(id="query")
        yield Line(id="aside")

    def show(self, text: str) -> None:
        """The query that is in force."""
        self.text = text
        self.query_one("#query", Line).show(user_text(text))

    def beside(self, content: Content) -> None:
        """What stands at the right end."""
        self.query_one("#aside", Line).show(content)

    @property
    def open(self) -> bool:
        """Whether one types in it."""
        return bool(self.query("Entry"))

    def ask(self, sign: str, text: str, check: Callable[[str], None], complete: Completer) -> None:
        """Let a line be typed; `check` raises the Problem that a text has."""
        from deskterm.screens.widgets.entry import Entry

        if self.open:
            return
        self.sign, self._check, self._complete = sign, check, complete
        self.query_one("#sign", Line).show(user_text(f" {sign} "))
        self.query_one("#query").display = False
        entry = Entry(text, id="entry")
        self.mount(entry, after="#sign")
        entry.focus()
        entry.cursor_position = len(text)

    def close(self) -> None:
        """Show the query again."""
        for entry in self.query("Entry"):
            entry.remove()
        self._offer(())
        self.query_one("#query").display = True
        self.query_one("#sign", Line).show(user_text(" / "))
        self.post_message(self.Checked(None))

    # -- while one types

    def on_input_changed(self) -> None:
        from deskterm.screens.widgets.entry import Entry

        entry = self.query_one(Entry)
        choices = self._complete(entry.value, entry.cursor_position) if entry.value else ()
        self._offer(choices)
        problem: Problem | None = None
        try:
            self._check(entry.value)
        except Problem as found:
            problem = found
        # where something can still follow, nothing is wrong yet
        self.post_message(self.Checked(None if choices or not entry.value else problem))

    def _offer(self, choices: Sequence[Choice]) -> None:
        for completions in self.screen.query(Completions):
            completions.show(choices)
            completions.display = bool(choices)

    def on_input_submitted(self, event: Message) -> None:
        from deskterm.screens.widgets.entry import Entry

        text = self.query_one(Entry).value
        event.stop()
        try:
            self._check(text)
        except Problem as problem:
            self.post_message(self.Checked(problem))
            return
        sign = self.sign
        self.close()
        self.post_message(self.Entered(sign, text))

    def action_leave(self) -> None:
        self.close()
        self.post_message(self.Left())

    def action_move(self, by: int) -> None:
        for completions in self.screen.query(Completions):
            completions.move(by)

    def action_complete(self) -> None:
        from deskterm.screens.widgets.entry import Entry

        for completions in self.screen.query(Completions):
            if completions.display and completions.choice is not None:
                entry = self.query_one(Entry)
                entry.value = completions.choice.value
                entry.cursor_position = len(entry.value)


def underlined(problem: Problem, glyphs: Glyphs, lead: int, width: int) -> Content:
    """The sentence of a Problem under the column it is about."""
    if not problem.column:
        return user_text(" " * lead + say(problem), "$error")
    sign = " " * (lead + problem.column - 1) + glyphs.underline
    sentence = say(problem)
    if len(sign) + len(sentence) + 2 > width and len(sentence) + 2 < len(sign):
        return pieces([(f"{sentence} ".rjust(len(sign) - 1) + glyphs.underline, "$error")])
    return pieces([(f"{sign} {sentence}", "$error")])


def _accept(text: str) -> None:  # noqa: ARG001
    return None


def _nothing(text: str, place: int) -> Sequence[Choice]:  # noqa: ARG001
    return ()
