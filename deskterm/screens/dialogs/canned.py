"""Canned: a response out of all that the desk has, as it reads on the ticket at hand."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from deskterm.i18n import _, say
from deskterm.screens.context import Context
from deskterm.screens.dialogs.pick import Pick
from deskterm.screens.present import EMPTY, joined, user_text
from deskterm.screens.widgets.choice_list import Choice, ChoiceList
from deskterm.screens.widgets.entry import Entry
from deskterm.screens.widgets.text import Paragraph

if TYPE_CHECKING:
    from deskterm.desk.wording import Canned

__all__ = ["CannedDialog"]


class CannedDialog(Pick):
    """Answers the text of the chosen response; one with a hole is not to be had."""

    DEFAULT_CSS = """
    CannedDialog > .box { width: 84; }
    CannedDialog ChoiceList { max-height: 5; }
    CannedDialog #text { height: 6; margin-top: 1; padding: 0 1; background: $panel; overflow: hidden; }
    CannedDialog.-tall ChoiceList { max-height: 10; }
    CannedDialog.-tall #text { height: 12; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012

    def __init__(self, context: Context, found: "Sequence[Canned]") -> None:
        self.found = {each.template.id: each for each in found}
        super().__init__(context, _("Canned response"), [_choice(each) for each in found])

    def body(self) -> Iterable[Widget]:
        return [*super().body(), Vertical(Paragraph(), id="text")]

    def keys(self) -> Iterable[tuple[str, str]]:
        return [("enter", _("insert")), (_("letters"), _("to search")), ("esc", _("back"))]

    def on_mount(self) -> None:
        self._show_text()

    def on_input_changed(self, event: Entry.Changed) -> None:
        super().on_input_changed(event)
        self._show_text()

    def action_move(self, by: int) -> None:
        super().action_move(by)
        self._show_text()

    def action_choose(self) -> None:
        each = self._here()
        if each is not None and each.problem is None:
            self.dismiss(each.text)

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:  # noqa: ARG002
        self._show_text()
        self.action_choose()

    def _here(self) -> "Canned | None":
        choice = self.query_one(ChoiceList).choice
        return None if choice is None else self.found[choice.value]

    def _show_text(self) -> None:
        each = self._here()
        self.query_one(Paragraph).show(EMPTY if each is None else _read(each))


def _choice(each: "Canned") -> Choice:
    """A response in the list, found by its words in every language too."""
    template = each.template
    hint = _("lacks a value") if each.problem else ""
    return Choice(template.id, f"{template.id}  {_(template.name)}", hint, " ".join(template.texts.values()))


def _read(each: "Canned") -> Content:
    if each.problem is None:
        return user_text(each.text)
    return joined([user_text(say(each.problem), "$error"), EMPTY, user_text(each.text, "$quiet")])
