"""What people read: changes in words, the SLA cell, sizes."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from deskterm.i18n import _, duration, moment
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["NOUNS", "change", "field_name", "size", "sla", "word"]

NOUNS: Final[Mapping[str, str]] = {
    "contact": N_("contact"),
    "organization": N_("organization"),
    "agent": N_("agent"),
    "group": N_("group"),
    "queue": N_("queue"),
}
_FIELDS: Final[Mapping[str, str]] = {
    "subject": N_("subject"),
    "status": N_("status"),
    "priority": N_("priority"),
    "type": N_("type"),
    "category": N_("category"),
    "queue": N_("queue"),
    "group": N_("group"),
    "impact": N_("impact"),
    "urgency": N_("urgency"),
    "vendor": N_("vendor"),
    "region": N_("region"),
    "lang": N_("language"),
    "name": N_("name"),
    "title": N_("title"),
    "role": N_("role"),
    "email": N_("mail address"),
    "active": N_("active"),
    "tz": N_("time zone"),
    "tier": N_("tier"),
    "domains": N_("domains"),
    "addresses": N_("addresses"),
    "organizations": N_("organizations"),
    "organization": N_("organization"),
    "members": N_("members"),
    "leads": N_("leads"),
    "groups": N_("groups"),
    "vip": N_("VIP"),
    "phone": N_("phone"),
}
_STATUS: Final[Mapping[str, str]] = {
    "new": N_("new"),
    "open": N_("open"),
    "pending": N_("pending"),
    "on_hold": N_("on hold"),
    "resolved": N_("resolved"),
    "closed": N_("closed"),
    "cancelled": N_("cancelled"),
    "merged": N_("merged"),
}
_GLYPHS: Final = {"overdue": ("✗", "x"), "breached": ("✗", "x"), "warn": ("◔", "~")}


def word(status: str) -> str:
    """A status in the reader's language."""
    return _(_STATUS[status]) if status in _STATUS else clean_line(status)


def field_name(name: str) -> str:
    """A field in the reader's language."""
    return _(_FIELDS[name]) if name in _FIELDS else clean_line(name)


def change(kind: str, facts: Mapping[str, Any], *, ascii: bool = False, zone: "tzinfo | None" = None) -> str:
    """A change in words, on one line; of a kind that this version does not know, its name."""
    told = _CHANGES.get(kind)
    until = facts.get("until_at", facts.get("until"))
    if isinstance(until, int):
        facts = {**facts, "until": moment(until, zone)}
    text = told(facts) if told else clean_line(kind)
    return text.replace("→", "->") if ascii else text


def _moved(name: str, old: object, new: object) -> str:
    nothing = _("none")
    return f"{name} {_value(old) or nothing} → {_value(new) or nothing}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return "" if value is None else clean_line(str(value), 80)


def _created(facts: Mapping[str, Any]) -> str:
    return _("opened in queue %s") % clean_line(str(facts.get("queue", "")))


def _message(facts: Mapping[str, Any]) -> str:
    if not facts.get("public"):
        return _("internal note")
    return _("message of the requester") if facts.get("side") == "requester" else _("public reply")


def _attached(facts: Mapping[str, Any]) -> str:
    names = _value(facts.get("attachments", ()))
    return _("attached, internal: %s") % names if facts.get("internal") else _("attached: %s") % names


def _status(facts: Mapping[str, Any]) -> str:
    text = f"{_('status')} {word(str(facts.get('old', '')))} → {word(str(facts.get('new', '')))}"
    more = [_value(facts[name]) for name in ("reason", "vendor") if facts.get(name)]
    if facts.get("until"):
        more.append(_("until %s") % facts["until"])
    return f"{text} ({_('; ').join(more)})" if more else text


def _field(facts: Mapping[str, Any]) -> str:
    return _moved(field_name(str(facts.get("name", ""))), facts.get("old"), facts.get("new"))


def _tags(facts: Mapping[str, Any]) -> str:
    signs = [f"+{_value(tag)}" for tag in facts.get("added", ())]
    signs += [f"-{_value(tag)}" for tag in facts.get("removed", ())]
    return f"{_('tags')} {' '.join(signs)}"


def _record(facts: Mapping[str, Any]) -> str:
    noun, name = _(NOUNS.get(str(facts.get("noun")), "")), _value(facts.get("name"))
    told = {
        key: value for key, value in facts.items() if key not in ("kind", "because", "noun", "name", "new")
    }
    parts = [f"{field_name(key)} {_value(value) or _('none')}" for key, value in told.items()]
    head = _("new %(noun)s %(name)s") if facts.get("new") else "%(noun)s %(name)s"
    return ": ".join(part for part in (head % {"noun": noun, "name": name}, _(", ").join(parts)) if part)


_CHANGES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "created": _created,
    "message": _message,
    "attached": _attached,
    "status": _status,
    "field": _field,
    "assigned": lambda facts: _moved(_("assignee"), facts.get("old"), facts.get("new")),
    "group": lambda facts: _moved(_("group"), facts.get("old"), facts.get("new")),
    "tags": _tags,
    "occurred": lambda facts: _("came again, %s times by now") % facts.get("count", "?"),
    "record": _record,
}


def sla(state: str, due: int | None, now: int, *, ascii: bool = False) -> str:
    """The SLA cell: glyph, sign and time to the next due, or the word of a clock that does not run."""
    words = {"paused": ("‖", "=", _("paused")), "met": ("✓", "v", _("met"))}
    if state in words:
        glyph, twin, text = words[state]
        return f"{twin if ascii else glyph} {text}"
    if due is None:
        return "-" if ascii else "–"
    if due < now and state in ("ok", "warn"):  # the timer has not been here yet
        state = "overdue"
    glyph = _GLYPHS[state][ascii] + " " if state in _GLYPHS else ""
    return glyph + duration(due - now)


def size(count: int) -> str:
    """A number of bytes as people say it."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""
