"""What people read: changes in words, the SLA cell, sizes."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from deskterm.i18n import _, duration, moment
from deskterm.rules.clean import clean_line
from deskterm.rules.problems import N_

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["NOUNS", "because", "change", "field_name", "role", "size", "sla", "time_left", "word"]

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
    "stage": N_("stage"),
    "presence": N_("presence"),
    "capacity": N_("capacity"),
    "skills": N_("skills"),
    "shift": N_("shift"),
    "out_from": N_("out of office from"),
    "out_until": N_("out of office until"),
    "substitute": N_("substitute"),
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
_PAUSED, _MET, _OVERDUE, _WARNING = ("‖", "="), ("✓", "v"), ("✗", "x"), ("◔", "~")
_ROLES: Final = (N_("requester"), N_("light"), N_("agent"), N_("lead"), N_("admin"))
_REASONS: Final = (N_("confirmed"), N_("no answer"))  # those that rules give; a person's own stay as they are
_BECAUSE: Final = (
    N_("action open_ticket"),
    N_("action reply"),
    N_("action note"),
    N_("action attach"),
    N_("action assign"),
    N_("action set_fields"),
    N_("action tag"),
    N_("action pend"),
    N_("action hold"),
    N_("action resolve"),
    N_("action confirm"),
    N_("action reject"),
    N_("action close"),
    N_("action reopen"),
    N_("action cancel"),
    N_("action move"),
)


def word(status: str) -> str:
    """A status in the reader's language."""
    return _(_STATUS[status]) if status in _STATUS else clean_line(status)


def role(name: str) -> str:
    """A role in the reader's language."""
    return _(name) if name in _ROLES else clean_line(name)


def because(text: str) -> str:
    """Why a change was made, in the reader's language; a name that this version does not know stays."""
    if text in _BECAUSE:
        return _(text)
    from deskterm.cli.present_rules import BECAUSE, of_rule  # a desk without rules needs none of it

    return _(text) if text in BECAUSE else of_rule(text)


def field_name(name: str) -> str:
    """A field in the reader's language."""
    return _(_FIELDS[name]) if name in _FIELDS else clean_line(name)


def change(kind: str, facts: Mapping[str, Any], *, ascii: bool = False, zone: "tzinfo | None" = None) -> str:
    """A change in words, on one line; of a kind that this version does not know, its name."""
    told = _CHANGES.get(kind) or _of_rules(kind)
    facts = {**facts, **{name: moment(at, zone) for name, at in _moments(facts)}}
    text = told(facts) if told else clean_line(kind)
    return text.replace("→", "->") if ascii else text


def _of_rules(kind: str) -> Callable[[Mapping[str, Any]], str] | None:
    from deskterm.cli.present_rules import RULE_CHANGES

    return RULE_CHANGES.get(kind)


def _moments(facts: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The instants among the facts; a JSON value has them a second time under `_at`."""
    for name in ("until", "due", "out_from", "out_until"):
        at = facts.get(f"{name}_at", facts.get(name))
        if isinstance(at, int):
            yield name, at


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
    queue = clean_line(str(facts.get("queue", "")))  # a requester is not told
    return _("opened in queue %s") % queue if queue else _("opened")


def _message(facts: Mapping[str, Any]) -> str:
    if not facts.get("public"):
        return _("internal note")
    return _("message of the requester") if facts.get("side") == "requester" else _("public reply")


def _attached(facts: Mapping[str, Any]) -> str:
    names = _value(facts.get("attachments", ()))
    return _("attached, internal: %s") % names if facts.get("internal") else _("attached: %s") % names


def _status(facts: Mapping[str, Any]) -> str:
    old, new = (word(str(facts.get(name, ""))) for name in ("old", "new"))
    text = _("status") + f" {old} → {new}"
    more = [_reason(facts[name]) for name in ("reason", "vendor") if facts.get(name)]
    if facts.get("until"):
        more.append(_("until %s") % facts["until"])
    return f"{text} (" + _("; ").join(more) + ")" if more else text


def _reason(value: object) -> str:
    return _(value) if value in _REASONS and isinstance(value, str) else _value(value)


def _field(facts: Mapping[str, Any]) -> str:
    text = _moved(field_name(str(facts.get("name", ""))), facts.get("old"), facts.get("new"))
    return f"{text} ({_reason(facts['reason'])})" if facts.get("reason") else text


def _tags(facts: Mapping[str, Any]) -> str:
    signs = [f"+{_value(tag)}" for tag in facts.get("added", ())]
    signs += [f"-{_value(tag)}" for tag in facts.get("removed", ())]
    return " ".join((_("tags"), *signs))


def _record(facts: Mapping[str, Any]) -> str:
    noun, name = _(NOUNS.get(str(facts.get("noun")), "")), _value(facts.get("name"))
    told = {
        key: value for key, value in facts.items() if key not in ("kind", "because", "noun", "name", "new")
    }
    shown = {key: role(str(value)) if key == "role" else _value(value) for key, value in told.items()}
    none = _("none")
    parts = [*_absence(shown), *(f"{field_name(key)} {value or none}" for key, value in shown.items())]
    head = _("new %(noun)s %(name)s") if facts.get("new") else "%(noun)s %(name)s"
    return ": ".join(part for part in (head % {"noun": noun, "name": name}, _(", ").join(parts)) if part)


def _absence(shown: dict[str, str]) -> Iterator[str]:
    """That an agent is out of office, or back; what it says is taken out of `shown`."""
    if "out_from" not in shown:
        return
    begin, end = shown.pop("out_from"), shown.pop("out_until", "")
    if begin:
        away = _("out of office from %(begin)s until %(end)s") if end else _("out of office from %(begin)s")
        yield away % {"begin": begin, "end": end}
    else:
        yield _("back in office")
        if not shown.get("substitute"):
            shown.pop("substitute", None)


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


def time_left(seconds: int) -> str:
    """Hours and minutes to a due instant, with a minus once it is past: 0:41, -0:12; days from 100 hours."""
    minutes = abs(seconds) // 60
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}" if minutes < 6000 else sign + duration(minutes * 60)


def sla(state: str, due: int | None, now: int, *, ascii: bool = False) -> str:
    """The SLA cell as the screens show it: glyph and time to the next due, or a word where no clock runs."""
    if due is None:
        words = {
            "paused": f"{_PAUSED[ascii]} " + _("paused"),
            "met": f"{_MET[ascii]} " + _("met"),
            "breached": f"{_OVERDUE[ascii]} " + _("missed"),
            "overdue": f"{_OVERDUE[ascii]} " + _("overdue"),
        }
        return words.get(state, "-" if ascii else "–")
    left = time_left(due - now)
    if due < now or state == "overdue":  # due or not, the timer may not have been here yet
        return f"{_OVERDUE[ascii]} {left}"
    return f"{_WARNING[ascii]} {left}" if state == "warn" else left


def size(count: int) -> str:
    """A number of bytes as people say it."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""
