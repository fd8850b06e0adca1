"""Macros: several steps at one press, offered where they fit, shown before they are done."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.i18n import _
from deskterm.screens.deeds import Deed
from deskterm.screens.type_ahead import hold_keys
from deskterm.screens.widgets.choice_list import Choice
from deskterm.screens.work import WorkScreen

if TYPE_CHECKING:
    from deskterm.desk.wording import Offer
    from deskterm.rules.rulebook import Macro

__all__ = ["MacroScreen"]


class MacroScreen(WorkScreen):
    """Runs a macro on the tickets at hand, on each all of it or nothing."""

    def action_macro(self) -> None:
        tickets = [row.id for row in self.targets()]
        if not tickets:
            self.say(_("There is no ticket under the cursor."))
            return
        desk, viewer = self.context.desk, self.context.actor
        hold_keys(self, "dialog")
        self.fetch("macros", lambda: desk.wording.offers(tickets, viewer), self._pick_macro)

    def _pick_macro(self, offers: "Sequence[Offer]") -> None:
        from deskterm.screens.dialogs.pick import Pick

        count = len(self.targets())
        fitting = {each.macro.id: each for each in offers if each.tickets}
        if not fitting:
            none = _("No macro fits here.") if offers else _("The rules of this desk have no macros.")
            self.say(none, "$warning")
            return
        choices = [Choice(each.macro.id, each.macro.name, _hint(each, count)) for each in fitting.values()]
        dialog = Pick(self.context, self.named(_("Macro")), choices)
        self.ask(dialog, lambda name: self._ask_macro(fitting[name].macro))

    def _ask_macro(self, macro: "Macro") -> None:
        """Ask for what the macro asks for, then show what it would do."""
        if not macro.ask:
            self.carry(_deed(macro, {}))
            return
        from deskterm.screens.dialogs.ask import Ask, Question

        questions = [Question(str(place), name, required=True) for place, name in enumerate(macro.ask)]

        def answered(answers: Mapping[str, str]) -> None:
            self.carry(_deed(macro, {name: answers[str(place)] for place, name in enumerate(macro.ask)}))

        self.ask(Ask(self.context, self.named(macro.name), questions), answered)


def _deed(macro: "Macro", answers: Mapping[str, str]) -> Deed:
    from deskterm.rules.upkeep import RunMacro

    return Deed(macro.name, lambda ticket: RunMacro(ticket, macro.id, answers), planned=True)


def _hint(offer: "Offer", tickets: int) -> str:
    """What is said beside a macro: its id, or on how many of the tickets it can be run."""
    if tickets == 1:
        return offer.macro.id
    return _("fits %(fit)d of %(all)d") % {"fit": len(offer.tickets), "all": tickets}
