"""The compose box: a reply or a note, told apart by word, bar and colour, and never lost."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from deskterm.i18n import N_, _
from deskterm.rules.clean import cell_width, clean_line
from deskterm.screens.drafts import AUTOSAVE
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import user_text
from deskterm.screens.type_ahead import hold_keys
from deskterm.screens.widgets.entry import Pad
from deskterm.screens.widgets.text import Line

__all__ = ["ComposeBox"]


LEAST_ROOM = 52  # cells to say who will read it


class ComposeBox(Vertical):
    """Writes to the requester ("reply") or for agents only ("note")."""

    DEFAULT_CSS = """
    ComposeBox { height: 40%; min-height: 6; max-height: 16; }
    ComposeBox #to { color: $public; }
    ComposeBox Pad { height: 1fr; border-left: none; }
    ComposeBox.-note #to { color: $note; text-style: bold; }
    ComposeBox.-note Pad { background: $note-tint; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", N_("send"), id="compose.send", priority=True),
        Binding("ctrl+e", "edit", N_("write in your editor"), id="compose.editor", priority=True),
        Binding("ctrl+r", "canned", N_("insert a canned response"), id="compose.canned", priority=True),
        Binding("ctrl+t", "turn", N_("public or internal"), id="compose.turn", priority=True),
        Binding("escape", "leave", N_("keep the draft and go back"), id="compose.leave"),
    ]

    @dataclass
    class Sent(Message):
        """The text shall be sent."""

        kind: str
        text: str

    @dataclass
    class EditorWanted(Message):
        """The text shall be written in the person's editor."""

        text: str

    @dataclass
    class CannedWanted(Message):
        """A canned response shall be inserted."""

    @dataclass
    class Turned(Message):
        """It shall become a message of the other kind."""

        kind: str

    @dataclass
    class Left(Message):
        """The box was left; the draft is kept."""

    @dataclass
    class Changed(Message):
        """Something was typed in the last five seconds: the draft should be saved."""

    def __init__(self, glyphs: Glyphs, kind: str, requester: str, text: str = "") -> None:
        super().__init__(id="compose")
        self.glyphs = glyphs
        self.kind = kind
        self.requester = requester
        self.start = text
        self.saved = text
        self.state = ""

    def compose(self) -> ComposeResult:
        yield Line(id="to")
        yield Pad(self.start, id="text")

    def on_mount(self) -> None:
        self.set_class(self.kind == "note", "-note")
        self.query_one(Pad).focus()
        self.set_interval(AUTOSAVE, self._save)

    def on_resize(self) -> None:
        self._show_to()

    @property
    def text(self) -> str:
        """What was typed so far."""
        pads = self.query(Pad)
        return pads.first().text if pads else self.start

    def say(self, state: str) -> None:
        """Show how the draft stands."""
        self.state = state
        self._show_to()

    def _show_to(self) -> None:
        for line in self.query("#to").results(Line):  # there is none while it is being taken away
            line.show(self._to())

    def _to(self) -> Content:
        rule = self.glyphs.rule
        reply = self.kind == "reply"
        sign = self.glyphs.public if reply else self.glyphs.internal
        turn = _("ctrl+t internal") if reply else _("ctrl+t public")
        right = f" {self.state} {rule} {turn} {rule}" if self.state else f" {turn} {rule}"
        if self.size.width - cell_width(right) < LEAST_ROOM:
            right = ""
        room = self.size.width - cell_width(right) - 5
        left = f"{rule}{sign} {self._reader(room)} "
        fill = self.size.width - cell_width(left) - cell_width(right)
        return user_text(left + rule * max(0, fill) + right)

    def _reader(self, room: int) -> str:
        """Who will read it, in words that fit into so many cells."""
        if self.kind == "note":
            return clean_line(_("INTERNAL NOTE: only agents will read it"), room)
        told = _("reply to %s: PUBLIC, they will read it")
        return told % clean_line(self.requester, max(8, room - cell_width(told) + 2))

    def _save(self) -> None:
        if self.text != self.saved:
            self.saved = self.text
            self.post_message(self.Changed())

    def put(self, text: str) -> None:
        """Replace the text by what an editor made of it."""
        pad = self.query_one(Pad)
        pad.text = text
        pad.move_cursor(pad.document.end)
        pad.focus()
        self._save()

    def insert(self, text: str) -> None:
        """Write a text where the cursor stands, in place of what is selected."""
        pad = self.query_one(Pad)
        pad.replace(text, *pad.selection, maintain_selection_offset=False)
        pad.focus()
        self._save()

    def action_send(self) -> None:
        if self.text.strip():
            hold_keys(self, "sent")
            self.post_message(self.Sent(self.kind, self.text))

    def action_edit(self) -> None:
        self.post_message(self.EditorWanted(self.text))

    def action_canned(self) -> None:
        self.post_message(self.CannedWanted())

    def action_turn(self) -> None:
        self.post_message(self.Turned("note" if self.kind == "reply" else "reply"))

    def turn(self, kind: str) -> None:
        """Make it a reply or a note."""
        self.kind = kind
        self.set_class(kind == "note", "-note")
        self._show_to()

    def action_leave(self) -> None:
        self.post_message(self.Left())
