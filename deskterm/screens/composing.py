"""Composing in place: the box, its draft, sending, and what happens when somebody was faster."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from deskterm.desk.receipt import Receipt
from deskterm.i18n import _
from deskterm.rules.problems import Problem
from deskterm.screens import deeds
from deskterm.screens.context import Context, Done
from deskterm.screens.describe import describe
from deskterm.screens.searching import SearchScreen
from deskterm.screens.type_ahead import hold_keys, release_keys
from deskterm.screens.widgets.compose import ComposeBox
from deskterm.screens.widgets.prompt import Prompt
from deskterm.screens.widgets.status import StatusLine
from deskterm.screens.widgets.timeline_view import TimelineView
from deskterm.store.rows import TicketDetail, TicketRow

if TYPE_CHECKING:
    from deskterm.desk.wording import Canned

__all__ = ["ComposingScreen"]


class ComposingScreen(SearchScreen):
    """A screen with one ticket, about which one may write."""

    def __init__(self, context: Context, number: int) -> None:
        super().__init__(context)
        self.number = number
        self.detail: TicketDetail | None = None
        self._key = uuid4().hex
        self._sending = False

    def load(self) -> None:
        """Read the ticket."""
        raise NotImplementedError

    def targets(self) -> Sequence[TicketRow]:
        return () if self.detail is None else (self.detail.row,)

    def change_ticket(self, number: int) -> None:
        """Turn to another ticket; what was written about this one is kept."""
        self.keep_draft()
        self._close_box()
        self.number = number
        self.detail = None

    @property
    def box(self) -> ComposeBox | None:
        """The compose box while it is open."""
        found = self.query(ComposeBox)
        return found.first() if found else None

    # -- the box

    def compose_for(self, kind: str) -> None:
        if self.detail is None or self.box is not None:
            return
        row, draft = self.detail.row, self.context.drafts.find(self.number, kind)
        requester = f"{row.requester_name} <{row.requester}>" if row.requester_name else row.requester
        box = ComposeBox(self.context.glyphs, kind, requester, draft.text if draft else "")
        if draft is not None:
            box.state = _("draft from %s") % self.context.when(draft.at)
        self._key = uuid4().hex
        hold_keys(self, "entry")
        self.query_one("#desk").mount(box, before="#prompt")
        self.query_one(StatusLine).set_keys(
            [
                ("ctrl+s", _("send")),
                ("ctrl+r", _("canned response")),
                ("ctrl+e", _("editor")),
                ("esc", _("keep the draft")),
                ("ctrl+t", _("public/internal")),
            ]
        )

    def _close_box(self) -> None:
        box = self.box
        if box is not None:
            box.remove()
            self.query_one(TimelineView).focus()
            self.show_keys()
            self.call_after_refresh(release_keys, self, "sent")

    def keep_draft(self) -> None:
        box = self.box
        if box is None:
            return
        if self._keep(self.number, box.kind, box.text):
            box.say(_("draft saved") if box.text.strip() else "")

    def on_compose_box_changed(self) -> None:
        self.keep_draft()

    def on_compose_box_turned(self, message: ComposeBox.Turned) -> None:
        """Public becomes internal or the other way round, unless a draft of that kind waits already."""
        box = self.box
        if box is None:
            return
        if self.context.drafts.find(self.number, message.kind) is not None:
            self.say(_("A draft of that kind is waiting: leave with esc and go on with it."), "$warning")
            return
        self.context.drafts.drop(self.number, box.kind)
        box.turn(message.kind)
        self.keep_draft()

    def on_compose_box_left(self) -> None:
        box = self.box
        kept = box is not None and bool(box.text.strip())
        self.keep_draft()
        self._close_box()
        if kept:
            self.say(_("The draft is kept."))

    def on_compose_box_editor_wanted(self, message: ComposeBox.EditorWanted) -> None:
        from deskterm.screens.editor import edit

        box = self.box
        if box is None:
            return
        self.keep_draft()
        try:
            with self.app.suspend():
                text = edit(self.context.settings.editor, message.text)
        except Problem as problem:
            self.complain(problem)
        else:
            box.put(text)
        self.load()

    def on_compose_box_canned_wanted(self) -> None:
        desk, viewer, number = self.context.desk, self.context.actor, self.number
        hold_keys(self, "dialog")
        self.fetch("canned", lambda: desk.wording.canned(number, viewer), self._pick_canned)

    def _pick_canned(self, found: "Sequence[Canned]") -> None:
        from deskterm.screens.dialogs.canned import CannedDialog

        def chosen(text: str | None) -> None:
            box = self.box
            if text is not None and box is not None:
                box.insert(text)

        self.app.push_screen(CannedDialog(self.context, found), chosen)

    # -- sending

    def on_compose_box_sent(self, message: ComposeBox.Sent) -> None:
        if self.detail is not None:
            self._send(message.kind, message.text, self.context.seen(self.detail.row))

    def _send(self, kind: str, text: str, seen: int) -> None:
        if self._sending:
            return
        self._sending = True
        self.keep_draft()
        desk, actor, number = self.context.desk, self.context.actor, self.number
        key = f"{self._key}/{kind}"

        def done(receipt: Receipt) -> None:
            self._sent(kind, receipt, number)

        def refused(problem: Problem) -> None:
            self._sending = False
            if problem.kind == "stale":
                self._stale(kind, text, seen)
            elif problem.kind == "store":
                self.say(
                    _("Not sent; your text is kept, and ctrl+s sends it when the store is back."), "$warning"
                )
            else:
                self.complain(problem)

        action = deeds.message(kind, text).make(number)
        self.fetch(
            "send", lambda: desk.perform(action, actor, key=key, seen=seen), done, refused, again=False
        )

    def _sent(self, kind: str, receipt: Receipt, number: int) -> None:
        self._sending = False
        self.context.wrote(number, receipt.version)
        self.context.drafts.drop(number, kind)
        if receipt.changes and self.detail is not None and self.detail.row.id == number:
            words = deeds.message(kind, "").words
            self.context.did(Done(words, (self.detail.row,), {number: receipt.version}))
        if number == self.number:
            self._close_box()
        told = [describe(str(each["kind"]), each, self.context.glyphs) for each in receipt.changes]
        if receipt.made and not receipt.changes:
            sentence = _("Ticket %(ticket)s is closed; your reply became ticket %(made)s.")
            told = [sentence % {"ticket": number, "made": receipt.made[0]}]
        self.say("; ".join([f"#{number} {', '.join(told)}", *receipt.warnings]))
        self.renew([number])

    def _stale(self, kind: str, text: str, seen: int) -> None:
        """Somebody was faster: show what he did, keep the text, ask what shall become of it."""
        from deskterm.screens.dialogs.stale import StaleDialog

        context, number = self.context, self.number

        def show(detail: TicketDetail) -> None:
            since = [
                f"{context.when(row.at)}  {row.actor_name or row.actor or row.actor_kind}: "
                f"{describe(row.kind, row.data, context.glyphs)}"
                for row in detail.timeline
                if row.version > seen
            ]

            def answered(answer: str | None) -> None:
                self.load()
                if answer == "send":
                    self._send(kind, text, detail.row.version)

            self.app.push_screen(StaleDialog(context, since), answered)

        self.fetch("stale", lambda: context.desk.ticket(number, viewer=context.actor), show)

    def action_command(self) -> None:
        self.query_one(Prompt).display = True
        super().action_command()
