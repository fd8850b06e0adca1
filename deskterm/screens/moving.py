"""Moving: to another status or stage; what a move needs is asked for, what nobody may do is not offered."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.i18n import _
from deskterm.rules.problems import Problem
from deskterm.screens import deeds
from deskterm.screens.drafts import Draft
from deskterm.screens.macros import MacroScreen
from deskterm.screens.type_ahead import hold_keys, release_keys

if TYPE_CHECKING:
    from deskterm.screens.paths import Path

__all__ = ["MovingScreen"]


class MovingScreen(MacroScreen):
    """Brings the tickets at hand elsewhere."""

    def action_status(self) -> None:
        self._look_around(self._pick_path)

    def _look_around(self, then: "Callable[[Sequence[Path]], None]") -> None:
        """Find out where the tickets at hand can go."""
        from deskterm.screens.paths import paths

        tickets = [row.id for row in self.targets()]
        if not tickets:
            self.say(_("There is no ticket under the cursor."))
            return
        desk, viewer = self.context.desk, self.context.actor
        hold_keys(self, "dialog")
        self.fetch("paths", lambda: paths(desk.ways(tickets, viewer=viewer)), then)

    def _pick_path(self, found: "Sequence[Path]") -> None:
        from deskterm.screens.dialogs.way import WayDialog
        from deskterm.screens.paths import choices

        known = {path.to: path for path in found}
        lines = choices(found, len(self.targets()), self.context.glyphs)
        dialog = WayDialog(self.context, self.named(_("Status")), lines)
        self.ask(dialog, lambda to: self._enter(known[to]))

    def move_to(self, status: str) -> None:
        """Ask for what a status needs, then move the tickets at hand there."""

        def go(found: "Sequence[Path]") -> None:
            leading = [path for path in found if status in (path.to, path.status)]
            able = [path for path in leading if path.fits]
            if len(able) > 1:
                self._pick_path(able)
            elif able:
                self._enter(able[0])
            elif leading and leading[0].why is not None:
                self.complain(leading[0].why)
            else:
                release_keys(self)
                self.carry(deeds.move(status))

        self._look_around(go)

    def _enter(self, path: "Path") -> None:
        """Ask for what the path needs, then go."""
        from deskterm.screens.dialogs.ask import Ask, Question
        from deskterm.screens.paths import questions

        if path.to == "resolved" and {"cause", "solution"}.issuperset(path.needs):
            self._resolve()
            return
        asked = questions(path)
        by_place = [
            Question(str(place), each.label, each.hint, each.required) for place, each in enumerate(asked)
        ]

        def answered(answers: Mapping[str, str]) -> None:
            self._go(path, {each.name: answers[str(place)] for place, each in enumerate(asked)})

        self.ask(Ask(self.context, self.named(deeds.move(path.to).words), by_place), answered)

    def _go(self, path: "Path", answers: dict[str, str]) -> None:
        reason, until = answers.pop("reason"), answers.pop("until", "")
        try:
            wake = deeds.wake_time(until, self.context)
        except Problem as problem:
            self.complain(problem)
            return
        self.carry(deeds.move(path.to, reason, wake, answers, anew=path.anew))

    def action_resolve(self) -> None:
        self.move_to("resolved")

    def _resolve(self) -> None:
        from deskterm.screens.dialogs.resolve import Resolution, ResolveDialog

        names = {row.requester_name or row.requester for row in self.targets()}
        requester = names.pop() if len(names) == 1 else _("%d requesters") % len(names)
        number = self._draft_number()
        kept = self.context.drafts.find(number, "resolve")
        start = Resolution(*json.loads(kept.text)) if kept else Resolution("", "", "")

        def keep(typed: Resolution) -> None:
            texts = [typed.cause, typed.solution, typed.reply]
            self._keep(number, "resolve", json.dumps(texts) if any(texts) else "")

        def done(typed: Resolution) -> None:
            self.carry(deeds.resolve(typed.cause, typed.solution, typed.reply, number))

        title = self.named(_("Resolve"))
        self.ask(ResolveDialog(self.context, title, requester, start, keep), done)

    def _draft_number(self) -> int:
        """Under which number a draft for the tickets at hand is kept."""
        targets = self.targets()
        return targets[0].id if len(targets) == 1 else 0

    def _keep(self, number: int, kind: str, text: str) -> bool:
        """Save a draft; False when that cannot be done, which is said."""
        try:
            self.context.drafts.keep(Draft(number, kind, text, self.context.clock.now()))
        except OSError as error:
            self.say(_("The draft cannot be saved: %s") % (error.strerror or error), "$error")
            return False
        return True
