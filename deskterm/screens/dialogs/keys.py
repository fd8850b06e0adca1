"""Keys: every key that works here, found by typing and run by enter."""

from collections.abc import Iterable
from typing import ClassVar, Final

from textual.binding import ActiveBinding, Binding, BindingType
from textual.keys import format_key
from textual.screen import Screen
from textual.widget import Widget

from deskterm.i18n import N_, _
from deskterm.screens.context import Context
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.widgets.choice_list import Choice, ChoiceList
from deskterm.screens.widgets.entry import Entry

__all__ = ["KeysDialog", "active_keys", "key_name"]

_SHORT: Final = {
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    **{name: name for name in ("up", "down", "left", "right", "enter", "tab", "backspace")},
}


def key_name(key: str) -> str:
    """What people call a key: `ctrl+d`, `/`, `esc`."""
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, _SHORT.get(last) or format_key(last)])


_ORDER: Final = ("compose", "why", "ticket", "queue", "list", "timeline", "lines", "line", "app")


def active_keys(screen: Screen[None]) -> list[tuple[str, ActiveBinding]]:
    """The keys that do something on `screen` right now, those of one meaning together."""
    by_words: dict[tuple[int, str], tuple[list[str], ActiveBinding]] = {}
    for key, active in screen.active_bindings.items():
        if active.enabled and active.binding.description and active.binding.id:
            found = by_words.setdefault((id(active.node), active.binding.description), ([], active))
            found[0].append(key_name(key))
    listed = [(" ".join(keys), active) for keys, active in by_words.values()]
    return sorted(listed, key=lambda each: _ORDER.index((each[1].binding.id or "").partition(".")[0]))


class KeysDialog(Dialog[ActiveBinding]):
    """Answers the binding to run."""

    DEFAULT_CSS = """
    KeysDialog > .box { width: 68; }
    KeysDialog ChoiceList { height: auto; max-height: 18; margin-top: 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", N_("down"), id="keys.down", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", N_("up"), id="keys.up", show=False, priority=True),
        Binding("pagedown", "move(10)", N_("further down"), id="keys.page_down", show=False, priority=True),
        Binding("pageup", "move(-10)", N_("further up"), id="keys.page_up", show=False, priority=True),
        Binding("enter", "run", N_("press it"), id="keys.run", priority=True),
    ]

    def __init__(self, context: Context, screen: Screen[None]) -> None:
        super().__init__(context, _("Keys"))
        self.bound = active_keys(screen)
        self.choices = [
            Choice(str(place), keys, _(active.binding.description))
            for place, (keys, active) in enumerate(self.bound)
        ]

    def body(self) -> Iterable[Widget]:
        return [Entry(id="filter"), ChoiceList(self.context.glyphs, self.choices)]

    def keys(self) -> Iterable[tuple[str, str]]:
        return [("enter", _("press it")), (_("letters"), _("to search")), ("esc", _("back"))]

    def on_input_changed(self, event: Entry.Changed) -> None:
        self.query_one(ChoiceList).show([each for each in self.choices if each.matches(event.value)])

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        self.dismiss(self.bound[int(event.choice.value)][1])

    def action_move(self, by: int) -> None:
        self.query_one(ChoiceList).move(by, around=abs(by) == 1)

    def action_run(self) -> None:
        choice = self.query_one(ChoiceList).choice
        if choice is not None:
            self.dismiss(self.bound[int(choice.value)][1])
