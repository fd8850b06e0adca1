"""Pick: one value out of a list that shortens as one types."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from deskterm.i18n import N_, _
from deskterm.screens.context import Context
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.widgets.choice_list import Choice, ChoiceList
from deskterm.screens.widgets.entry import Entry

__all__ = ["Pick"]


class Pick(Dialog[str]):
    """Answers the value of the chosen line."""

    DEFAULT_CSS = """
    Pick > .box { width: 60; }
    Pick ChoiceList { height: auto; max-height: 14; margin-top: 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", N_("down"), id="pick.down", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", N_("up"), id="pick.up", show=False, priority=True),
        Binding("pagedown", "move(10)", N_("further down"), id="pick.page_down", show=False, priority=True),
        Binding("pageup", "move(-10)", N_("further up"), id="pick.page_up", show=False, priority=True),
        Binding("enter", "choose", N_("take it"), id="pick.choose", priority=True),
    ]

    def __init__(self, context: Context, title: str, choices: Sequence[Choice], current: str = "") -> None:
        super().__init__(context, title)
        self.all = tuple(choices)
        self.current = current

    def body(self) -> Iterable[Widget]:
        index = next((place for place, each in enumerate(self.all) if each.value == self.current), 0)
        listed = ChoiceList(self.context.glyphs, self.all)
        listed.index = index
        return [Entry(id="filter"), listed]

    def keys(self) -> Iterable[tuple[str, str]]:
        return [("enter", _("take it")), ("esc", _("back"))]

    def on_input_changed(self, event: Entry.Changed) -> None:
        wanted = event.value
        found = [each for each in self.all if each.matches(wanted)]
        found.sort(key=lambda each: not each.label.casefold().startswith(wanted.casefold().strip()))
        self.query_one(ChoiceList).show(found)

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        self.dismiss(event.choice.value)

    def action_move(self, by: int) -> None:
        self.query_one(ChoiceList).move(by, around=abs(by) == 1)

    def action_choose(self) -> None:
        choice = self.query_one(ChoiceList).choice
        if choice is not None:
            self.dismiss(choice.value)
