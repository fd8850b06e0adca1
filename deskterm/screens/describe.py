"""What happened, in words: one line for each kind of event on a timeline."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from deskterm.i18n import N_, _, moment, tell
from deskterm.rules.telling import tell as told_by_rules, tell_because
from deskterm.screens.glyphs import Glyphs
from deskterm.screens.present import status_word

__all__ = ["FIELD_WORDS", "describe", "field_word", "why"]

Data = Mapping[str, Any]

FIELD_WORDS: Final = {
    "status": N_("status"),
    "priority": N_("priority"),
    "assignee": N_("assignee"),
    "group": N_("group"),
    "queue": N_("queue"),
    "type": N_("type"),
    "category": N_("category"),
    "impact": N_("impact"),
    "urgency": N_("urgency"),
    "vendor": N_("vendor"),
    "subject": N_("subject"),
    "channel": N_("channel"),
    "tags": N_("tags"),
    "lang": N_("language"),
    "region": N_("region"),
    "stage": N_("stage"),
}


def describe(kind: str, data: Data, glyphs: Glyphs, when: Callable[[int], str] = moment) -> str:
    """An event as one line of raw text: `priority P3 → P1`. Clean it before it is shown."""
    words = _WORDS.get(kind)
    if words:
        return words(data, glyphs)
    told = told_by_rules(kind, data)
    return tell(told, when) if told else f"{kind} {_other(data, glyphs)}".strip()


def why(because: str) -> str:
    """What asked for a change, if it was not a person: `level it-standard/L1@3`, in the viewer's language."""
    if because.startswith("action "):
        return ""
    told = tell_because(because)
    return tell(told, moment) if told else because


def _change(what: str, old: object, new: object, glyphs: Glyphs) -> str:
    return f"{what} {old or glyphs.none} {glyphs.arrow} {new or glyphs.none}"


def field_word(name: str) -> str:
    """A field in the viewer's language."""
    return _(FIELD_WORDS[name]) if name in FIELD_WORDS else name


def _created(data: Data, glyphs: Glyphs) -> str:
    told = [
        str(data[name]) for name in ("channel", "priority", "queue", "group", "assignee") if data.get(name)
    ]
    return _("opened") + (f" {glyphs.dot} " + f" {glyphs.dot} ".join(told) if told else "")


def _status(data: Data, glyphs: Glyphs) -> str:
    line = _change(
        _("status"), status_word(str(data.get("old", ""))), status_word(str(data.get("new", ""))), glyphs
    )
    reasons = [str(data[name]) for name in ("reason", "vendor", "cause", "solution") if data.get(name)]
    return line + (f" {glyphs.dot} " + f" {glyphs.dot} ".join(reasons) if reasons else "")


def _field(data: Data, glyphs: Glyphs) -> str:
    return _change(field_word(str(data.get("name", ""))), data.get("old"), data.get("new"), glyphs)


def _assigned(data: Data, glyphs: Glyphs) -> str:
    return _change(_("assignee"), data.get("old"), data.get("new"), glyphs)


def _group(data: Data, glyphs: Glyphs) -> str:
    return _change(_("group"), data.get("old"), data.get("new"), glyphs)


def _tags(data: Data, glyphs: Glyphs) -> str:  # noqa: ARG001
    told = [f"+{tag}" for tag in data.get("added", ())] + [f"-{tag}" for tag in data.get("removed", ())]
    return " ".join((_("tags"), *told))


def _attached(data: Data, glyphs: Glyphs) -> str:  # noqa: ARG001
    return _("attached %s") % ", ".join(map(str, data.get("attachments", ())))


def _occurred(data: Data, glyphs: Glyphs) -> str:  # noqa: ARG001
    return _("happened again (%s times by now)") % str(data.get("count", "?"))


def _message(data: Data, glyphs: Glyphs) -> str:  # noqa: ARG001
    return _("public reply") if data.get("public") else _("internal note")


def _other(data: Data, glyphs: Glyphs) -> str:
    told = (f"{name} {value}" for name, value in data.items() if isinstance(value, str | int) and value)
    return f" {glyphs.dot} ".join(told)


_WORDS: Final[Mapping[str, Callable[[Data, Glyphs], str]]] = {
    "created": _created,
    "status": _status,
    "field": _field,
    "assigned": _assigned,
    "group": _group,
    "tags": _tags,
    "attached": _attached,
    "occurred": _occurred,
    "message": _message,
}
