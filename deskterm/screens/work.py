"""A screen with tickets at hand: it answers in its lowest line and does deeds in the background."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import TypeVar

from textual.widget import Widget
from textual.widgets import Input, TextArea

from deskterm.i18n import _, say
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import Problem
from deskterm.screens.background import Background
from deskterm.screens.context import Context, Done
from deskterm.screens.deeds import Deed, Outcome, carry_out, rehearse, undo
from deskterm.screens.describe import describe
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.present import user_text
from deskterm.screens.type_ahead import hold_keys, release_keys
from deskterm.screens.widgets.status import StatusLine
from deskterm.screens.widgets.text import Line
from deskterm.store.rows import TicketRow

__all__ = ["WorkScreen"]

_deeds = count()
A = TypeVar("A")

LEAST_WIDTH, LEAST_HEIGHT = 60, 12


class WorkScreen(Background[None]):
    """A screen with tickets at hand; the subclass says which (`targets`) and shows them again (`renew`)."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-tiny"),
        (LEAST_WIDTH, "-narrow"),
        (100, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-flat"),
        (LEAST_HEIGHT, "-short"),
        (30, "-tall"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    # -- what a subclass says

    def targets(self) -> Sequence[TicketRow]:
        """The tickets at hand: the marked ones, else the one under the cursor."""
        raise NotImplementedError

    def renew(self, tickets: Sequence[int]) -> None:
        """These changed: show them as they are now."""
        raise NotImplementedError

    def pulse(self) -> None:
        """Somebody wrote: look again."""
        raise NotImplementedError

    def minute(self) -> None:
        """A minute went by without a key."""
        raise NotImplementedError

    def keep_draft(self) -> None:
        """Save what is being typed, if anything."""

    # -- when keys act

    @property
    def typing(self) -> bool:
        """Whether the keys are letters at present."""
        return isinstance(self.focused, Input | TextArea)

    @property
    def too_small(self) -> bool:
        """Whether only the sentence that says so is shown."""
        return self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT

    def home(self) -> Widget:
        """Where the keys go when nothing else asks for them."""
        raise NotImplementedError

    def refocus(self) -> None:
        """Give the keys back to what lost them while the window was too small."""
        if self.focused is None and not self.too_small:
            self.home().focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.too_small and action not in ("quit", "leave"):
            return False
        if self.typing and hasattr(type(self), f"action_{action}"):
            return False
        return super().check_action(action, parameters)

    # -- answers

    def say(self, text: str, style: str = "") -> None:
        """Show an answer until the next key."""
        release_keys(self)
        self._show_answer(text, style)

    def _show_answer(self, text: str, style: str = "") -> None:
        for line in self.query(StatusLine):  # there is none before the screen is composed
            line.say(text, style)

    def complain(self, problem: Problem) -> None:
        self.say(say(problem), "$error")

    def lost(self, problem: Problem) -> None:
        release_keys(self)
        comfort = _("Trying again by itself; nothing typed is lost.")
        for banner in self.query("#banner").results(Line):
            banner.show(user_text(f" {say(problem)} {comfort}"))
            banner.display = True

    def found(self) -> None:
        """The store is back."""
        self.query("#banner").set(display=False)
        self.resume()

    def on_key(self) -> None:
        self.query_one(StatusLine).clear()

    # -- doing

    def carry(self, deed: Deed) -> None:
        """Do it to the tickets at hand; to several, or as it is `planned`, only after the plan was shown."""
        tickets = tuple(self.targets())
        if not tickets:
            self.say(_("There is no ticket under the cursor."))
        elif len(tickets) == 1 and not deed.planned:
            self._carry_out(deed, tickets)
        else:
            self._plan(deed, tickets)

    def _plan(self, deed: Deed, tickets: Sequence[TicketRow]) -> None:
        from deskterm.screens.dialogs.plan import PlanDialog

        def show(rehearsed: Outcome) -> None:
            def agreed(yes: bool | None) -> None:
                if yes:
                    self._carry_out(deed, tickets)
                elif deed.undoes and len(rehearsed.refused) == len(tickets):
                    self.context.done.pop()  # it never can be: the next undo is for the deed before it

            self.query_one(StatusLine).clear()
            hold_keys(self, "dialog")
            self.app.push_screen(PlanDialog(self.context, tickets, rehearsed), agreed)

        hold_keys(self, "dialog")
        self._show_answer(_("Looking at %d tickets first.") % len(tickets))
        self.fetch("plan", lambda: rehearse(self.context, deed, tickets), show)

    def _carry_out(self, deed: Deed, tickets: Sequence[TicketRow]) -> None:
        if len(tickets) > 1:
            self._show_answer(_("Working on %d tickets.") % len(tickets))
        hold_keys(self, "sent")

        def carried(outcome: Outcome) -> None:
            self._remember(outcome, tickets)
            self._carried(outcome)

        self.fetch(f"deed-{next(_deeds)}", lambda: carry_out(self.context, deed, tickets), carried)

    def _remember(self, outcome: Outcome, tickets: Sequence[TicketRow]) -> None:
        """Keep what was done, so that it can be taken back; what was taken back is done with."""
        if outcome.deed.undoes:
            if outcome.receipts:
                self.context.done.pop()
            return
        versions = {
            ticket: receipt.version for ticket, receipt in outcome.receipts.items() if receipt.changes
        }
        rows = tuple(row for row in tickets if row.id in versions)
        if rows:
            self.context.did(Done(outcome.deed.words, rows, versions))

    def action_undo(self) -> None:
        if not self.context.done:
            self.say(_("There is nothing to undo: you changed no ticket here yet."))
            return
        last = self.context.done[-1]
        self._plan(undo(last), last.tickets)

    def _carried(self, outcome: Outcome) -> None:
        if outcome.deed.draft is not None and not outcome.refused:
            self.context.drafts.drop(*outcome.deed.draft)
        for ticket, receipt in outcome.receipts.items():
            self.context.wrote(ticket, receipt.version)
        release_keys(self, "sent")
        self.renew([*outcome.receipts, *outcome.refused])
        if len(outcome.receipts) + len(outcome.refused) == 1:
            for problem in outcome.refused.values():
                self._refused(problem)
            for ticket, receipt in outcome.receipts.items():
                told = [describe(str(each["kind"]), each, self.context.glyphs) for each in receipt.changes]
                self.say("; ".join([f"#{ticket} {', '.join(told)}", *receipt.warnings]))
            return
        from deskterm.screens.dialogs.report import ReportDialog, tally

        if outcome.refused:
            hold_keys(self, "dialog")
            self.app.push_screen(ReportDialog(self.context, outcome))
        else:
            self.say(f"{outcome.deed.words}: {tally(outcome)}")

    def _refused(self, problem: Problem) -> None:
        if problem.kind == "store":
            self.lost(problem)
        else:
            self.complain(problem)

    def ask(self, dialog: Dialog[A], then: Callable[[A], None]) -> None:
        """Show a dialog for the tickets at hand; `then` gets its answer, unless it was left."""
        if not self.targets():
            self.say(_("There is no ticket under the cursor."))
            return
        hold_keys(self, "dialog")
        self.app.push_screen(dialog, lambda answer: None if answer is None else then(answer))

    def press(self, action: str) -> None:
        """Run an action as if its key had been pressed."""
        self.app.call_later(self.app.run_action, action, self)

    def named(self, deed: str) -> str:
        """A title for a dialog: the deed and what it is done to."""
        tickets = self.targets()
        what = _("%d tickets") % len(tickets)
        if len(tickets) == 1:
            what = f"#{tickets[0].id} {clean_line(tickets[0].subject, 44)}"
        return f"{deed} {self.context.glyphs.dot} {what}"
