"""The tasks of the day, one key each: claim, assign, priority, status, tags, reply, note, resolve."""

import json
from typing import ClassVar
from uuid import uuid4

from textual.binding import Binding, BindingType

from deskterm.desk.receipt import Receipt
from deskterm.i18n import N_, _
from deskterm.rules import actions as a
from deskterm.rules.facts import Book
from deskterm.screens import deeds
from deskterm.screens.moving import MovingScreen
from deskterm.screens.type_ahead import hold_keys
from deskterm.screens.widgets.choice_list import Choice
from deskterm.store.rows import AgentRow, GroupRow, TicketRow

__all__ = ["TaskScreen"]


class TaskScreen(MovingScreen):
    """Asks for what a task needs and does it to the tickets at hand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "claim", N_("claim: assign to yourself"), id="ticket.claim"),
        Binding("a", "assign", N_("assign to an agent"), id="ticket.assign"),
        Binding("A", "regroup", N_("hand to a group"), id="ticket.group"),
        Binding("p", "priority", N_("set the priority"), id="ticket.priority"),
        Binding("s", "status", N_("change the status"), id="ticket.status"),
        Binding("t", "tag", N_("add or remove tags"), id="ticket.tag"),
        Binding("r", "write('reply')", N_("reply to the requester"), id="ticket.reply"),
        Binding("n", "write('note')", N_("write an internal note"), id="ticket.note"),
        Binding("e", "resolve", N_("resolve with cause and solution"), id="ticket.resolve"),
        Binding("m", "macro", N_("run a macro: several steps at once"), id="ticket.macro"),
        Binding("z", "undo", N_("undo what you did last"), id="ticket.undo"),
        Binding("w", "why", N_("why it is where it is, and due when it is"), id="ticket.why"),
        Binding("N", "new", N_("open a new ticket"), id="queue.new"),
    ]

    def compose_for(self, kind: str) -> None:
        """Open the compose box ("reply" or "note") for the one ticket at hand."""
        raise NotImplementedError

    def row_at_hand(self) -> TicketRow | None:
        """The one ticket under the cursor, whatever is marked."""
        return next(iter(self.targets()), None)

    def action_claim(self) -> None:
        self.carry(deeds.assign(self.context.login))

    def action_assign(self) -> None:
        hold_keys(self, "dialog")
        self.fetch("people", self.context.desk.agents, self._pick_agent)

    def _pick_agent(self, agents: tuple[AgentRow, ...]) -> None:
        from deskterm.screens.dialogs.pick import Pick

        open_word = _("%d open")
        choices = [
            Choice(each.login, f"{each.login}  {each.name}", open_word % each.open_tickets)
            for each in agents
            if each.active
        ]
        choices.append(Choice("", _("nobody")))
        targets = self.targets()
        current = targets[0].assignee if targets else ""
        dialog = Pick(self.context, self.named(_("Assign")), choices, current)
        self.ask(dialog, lambda login: self.carry(deeds.assign(login)))

    def action_regroup(self) -> None:
        hold_keys(self, "dialog")
        self.fetch("people", self.context.desk.groups, self._pick_group)

    def _pick_group(self, groups: tuple[GroupRow, ...]) -> None:
        from deskterm.screens.dialogs.pick import Pick

        open_word = _("%d open")
        choices = [
            Choice(each.name, each.title or each.name, open_word % each.open_tickets)
            for each in groups
            if each.active
        ]
        dialog = Pick(self.context, self.named(_("Hand to group")), choices)
        self.ask(dialog, lambda group: self.carry(deeds.regroup(group)))

    def action_priority(self) -> None:
        hold_keys(self, "dialog")
        self.fetch("people", self.context.desk.book, self._pick_priority)

    def _pick_priority(self, book: Book) -> None:
        from deskterm.screens.dialogs.pick import Pick

        choices = [Choice(each, each) for each in reversed(book.terms.priorities)]
        targets = self.targets()
        current = targets[0].priority if targets else ""
        dialog = Pick(self.context, self.named(_("Priority")), choices, current)
        self.ask(dialog, lambda priority: self.carry(deeds.set_field("priority", priority)))

    def action_tag(self) -> None:
        from deskterm.screens.dialogs.ask import Ask, Question

        question = Question("tags", _("Tags"), _("vpn +office -old"), required=True)
        dialog = Ask(self.context, self.named(_("Tags")), [question])
        self.ask(dialog, lambda answers: self.carry(deeds.retag(answers["tags"])))

    def action_write(self, kind: str) -> None:
        targets = self.targets()
        if len(targets) == 1:
            self.compose_for(kind)
            return
        from deskterm.screens.dialogs.write import WriteDialog

        public, number = kind == "reply", self._draft_number()
        kept = self.context.drafts.find(number, kind)

        def keep(text: str) -> None:
            self._keep(number, kind, text)

        def done(text: str) -> None:
            self.carry(deeds.message(kind, text, number))

        title, start = self.named(_("Reply") if public else _("Internal note")), kept.text if kept else ""
        self.ask(WriteDialog(self.context, title, start, keep, public=public), done)

    def action_why(self) -> None:
        from deskterm.screens.why import WhyScreen

        row = self.row_at_hand()
        if row is None:
            self.say(_("There is no ticket under the cursor."))
            return
        hold_keys(self, "dialog")
        self.app.push_screen(WhyScreen(self.context, row))

    def action_new(self) -> None:
        from deskterm.screens.dialogs.new import NewDialog, NewTicket

        kept = self.context.drafts.find(0, "new")
        start = NewTicket(*json.loads(kept.text)) if kept else NewTicket()

        def keep(typed: NewTicket) -> None:
            texts = [typed.requester, typed.subject, typed.body]
            self._keep(0, "new", json.dumps(texts) if any(texts) else "")

        def done(typed: NewTicket | None) -> None:
            if typed is not None:
                self._open_new(a.OpenTicket(typed.subject, typed.body, typed.requester, channel="tui"))

        hold_keys(self, "dialog")
        self.app.push_screen(NewDialog(self.context, start, keep), done)

    def _open_new(self, action: a.OpenTicket) -> None:
        desk, actor, key = self.context.desk, self.context.actor, uuid4().hex

        def opened(receipt: Receipt) -> None:
            self.context.drafts.drop(0, "new")
            self.say(_("Ticket #%s is open.") % receipt.ticket)
            self.pulse()

        self.fetch("new", lambda: desk.perform(action, actor, key=key), opened, again=False)
