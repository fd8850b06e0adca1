"""Way: where the tickets at hand shall go; what cannot be done stands there too, with why."""

from collections.abc import Iterable

from textual.widget import Widget

from deskterm.screens.dialogs.pick import Pick
from deskterm.screens.present import user_text
from deskterm.screens.widgets.choice_list import Choice, ChoiceList
from deskterm.screens.widgets.text import Paragraph

__all__ = ["WayDialog"]


class WayDialog(Pick):
    """Answers the status or stage that was chosen; one that is off says in full why it cannot be taken."""

    DEFAULT_CSS = """
    WayDialog > .box { width: 84; }
    WayDialog #reason { margin-top: 1; color: $warning; display: none; }
    """

    def body(self) -> Iterable[Widget]:
        return [*super().body(), Paragraph(id="reason")]

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        self._take(event.choice)

    def action_move(self, by: int) -> None:
        self.query_one("#reason").display = False
        super().action_move(by)

    def action_choose(self) -> None:
        choice = self.query_one(ChoiceList).choice
        if choice is not None:
            self._take(choice)

    def _take(self, choice: Choice) -> None:
        reason = self.query_one("#reason", Paragraph)
        reason.show(user_text(choice.hint))
        reason.display = choice.off
        if not choice.off:
            self.dismiss(choice.value)
