"""Ask: a few short answers, each on its line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from deskterm.i18n import N_, _
from deskterm.screens.context import Context
from deskterm.screens.dialogs.dialog import Dialog
from deskterm.screens.present import user_text
from deskterm.screens.widgets.entry import Entry
from deskterm.screens.widgets.text import Line

__all__ = ["Ask", "Question"]


@dataclass(frozen=True, slots=True)
class Question:
    """One answer that is wanted; `hint` says in which form, `required` that it may not be empty."""

    name: str
    label: str
    hint: str = ""
    required: bool = False
    value: str = ""


class Ask(Dialog[Mapping[str, str]]):
    """Answers the texts by the names of the questions."""

    DEFAULT_CSS = """
    Ask Horizontal { height: 1; }
    Ask .label { width: 14; color: $quiet; }
    Ask .hint { height: 1; color: $quiet; margin-left: 14; }
    Ask Entry { width: 1fr; background: $panel; }
    Ask #lacking { color: $error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "done", N_("done"), id="ask.done", priority=True),
        Binding("down", "app.focus_next", N_("next line"), id="ask.next", show=False),
        Binding("up", "app.focus_previous", N_("line before"), id="ask.previous", show=False),
    ]

    def __init__(self, context: Context, title: str, questions: Sequence[Question]) -> None:
        super().__init__(context, title)
        self.questions = questions

    def body(self) -> Iterable[Widget]:
        widgets: list[Widget] = []
        for question in self.questions:
            label = Line(user_text(question.label), classes="label")
            widgets.append(Horizontal(label, Entry(question.value, id=f"answer-{question.name}")))
            if question.hint:
                widgets.append(Line(user_text(question.hint), classes="hint"))
        return [*widgets, Line(id="lacking")]

    def keys(self) -> Iterable[tuple[str, str]]:
        return [("enter", _("done")), ("tab", _("next line")), ("esc", _("back"))]

    def action_done(self) -> None:
        answers = {each.name: self.query_one(f"#answer-{each.name}", Entry).value for each in self.questions}
        for question in self.questions:
            if question.required and not answers[question.name].strip():
                self.query_one("#lacking", Line).show(user_text(_("%s is needed.") % question.label))
                self.query_one(f"#answer-{question.name}").focus()
                return
        self.dismiss(answers)
