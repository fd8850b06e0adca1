"""Words for people: translated messages, and times in the viewer's language and zone."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from datetime import datetime, tzinfo
    from gettext import NullTranslations

    from deskterm.rules.telling import Told

__all__ = [
    "LANGUAGES",
    "LOCALES",
    "N_",
    "Sentence",
    "_",
    "ago",
    "best_language",
    "duration",
    "language",
    "moment",
    "ngettext",
    "say",
    "spelled",
    "tell",
    "use",
    "words",
]

LANGUAGES: Final = ("en", "zh_CN")
LOCALES: Final = Path(__file__).parent / "locales"
_FIRST: Final = -62_135_510_400  # the instants that a calendar can show in every zone
_LAST: Final = 253_402_214_399
_LONGEST: Final = 200  # characters of a value that a sentence shows


class _State:
    """The language in use; one per process, for a process speaks to one person."""

    language: str = ""
    catalogue: "NullTranslations | None" = None


def best_language(wish: str, environment: Mapping[str, str] | None = None) -> str:
    """The language that answers `wish` ("zh", "zh_CN.UTF-8"), else the locale; "en" when there is none."""
    environment = os.environ if environment is None else environment
    wishes = [wish] if wish else []
    if not wish:
        by_rank = ("LC_ALL", "LC_MESSAGES", "LANG")
        locale = next((environment[name] for name in by_rank if environment.get(name)), "")
        neutral = locale.partition(".")[0] in ("", "C", "POSIX")
        wishes = [] if neutral else [*environment.get("LANGUAGE", "").split(":"), locale]
    return next((found for each in wishes if (found := _match(each))), "en")


def _match(wish: str) -> str:
    plain = wish.partition(".")[0].partition("@")[0].replace("-", "_")
    if plain.lower() in ("zh", "zh_hans", "zh_sg") or plain.lower().startswith("zh_hans_"):
        return "zh_CN"
    by_name = {name.lower(): name for name in LANGUAGES}
    return by_name.get(plain.lower()) or by_name.get(plain.partition("_")[0].lower(), "")


def use(wish: str, environment: Mapping[str, str] | None = None) -> str:
    """Speak the language that answers `wish` from here on; gives the one chosen. Raises Problem (usage)."""
    if wish and not _match(wish):
        raise Problem(
            "unknown_language",
            N_('deskterm does not speak "%(name)s".'),
            kind="usage",
            choices=LANGUAGES,
            field="language",
            name=wish,
        )
    _State.language = best_language(wish, environment)
    _State.catalogue = None
    return _State.language


def language() -> str:
    """The language in use, one of LANGUAGES."""
    return _State.language or use("")


def _catalogue() -> "NullTranslations":
    if _State.catalogue is None:
        import gettext

        _State.catalogue = gettext.translation("deskterm", LOCALES, [language()], fallback=language() == "en")
    return _State.catalogue


def _(message: str) -> str:
    """`message` in the language in use."""
    return _catalogue().gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """`one` or `many` in the language in use, as `n` asks for."""
    return _catalogue().ngettext(one, many, n)


class Sentence(str):
    """Words that were chosen and cleaned already, so that they may stand in another sentence as they are."""

    __slots__ = ()


def words(problem: Problem) -> Sentence:
    """The sentence of `problem` in the language in use, its values cleaned for a terminal."""
    template = _(problem.template)
    if not problem.values:
        return Sentence(template)
    return Sentence(template % {name: _shown(name, value) for name, value in problem.values.items()})


def say(problem: Problem) -> str:
    """`words` and what would have been valid: all that a person has to read, in one line."""
    sentence: str = words(problem)
    if not problem.choices or problem.column:  # a query says in its sentence where and what would be valid
        return sentence
    choices = _(", ").join(str(_shown("", choice)) for choice in problem.choices)
    return _("%(sentence)s Valid: %(choices)s.") % {"sentence": sentence, "choices": choices}


# words of the desk that rules put into their sentences under these names
_DESK_WORDS: Final = ("field", "old", "new", "role", "least", "status")
_WORDS: Final = (
    N_("requester"),
    N_("light"),
    N_("agent"),
    N_("lead"),
    N_("admin"),
    N_("not active"),
    N_("new"),
    N_("open"),
    N_("pending"),
    N_("on_hold"),
    N_("resolved"),
    N_("closed"),
    N_("cancelled"),
    N_("merged"),
    N_("priority"),
    N_("type"),
    N_("impact"),
    N_("urgency"),
    N_("channel"),
    N_("role"),
    N_("queue"),
    N_("group"),
    N_("contact"),
    N_("organization"),
    N_("reason"),
    N_("cause"),
    N_("solution"),
    N_("vendor"),
    N_("subject"),
)


def _shown(name: str, value: object) -> object:
    """A value that may stand in a sentence on a terminal."""
    from deskterm.rules.clean import clean_line

    if isinstance(value, Sentence | bool | int | float):
        return value
    if isinstance(value, Problem):
        return words(value)
    text = str(value)
    if name in _DESK_WORDS and text in _WORDS:
        return _(text)
    return clean_line(text[:_LONGEST]) + ("…" if len(text) > _LONGEST else "")


def tell(told: "Told", when: Callable[[int], str]) -> str:
    """`told` in the language in use, its values cleaned for a terminal, an instant as `when` writes it."""
    template = _(told.template)
    values = {name: _told_value(told, name, value, when) for name, value in told.values.items()}
    try:
        sentence = template % values
    except (KeyError, TypeError, ValueError):  # of another version, which gave other values
        sentence = str(_shown("", template))
    if told.cause is None:
        return sentence
    return _("%(name)s: %(value)s") % {"name": sentence, "value": tell(told.cause, when)}


def _told_value(told: "Told", name: str, value: "str | int", when: Callable[[int], str]) -> object:
    if name in told.words:
        return _(str(value))
    return when(value) if name == told.instant and isinstance(value, int) else _shown(name, value)


def moment(at: int, zone: "tzinfo | None" = None) -> str:
    """An instant as 2026-03-02 10:00 in `zone` (None: this machine's): sorts, and needs no language."""
    return _local(at, zone).strftime("%Y-%m-%d %H:%M")


def spelled(at: int, zone: "tzinfo | None" = None) -> str:
    """An instant in the words of the language: Mar 2, 2026, 10:00 AM."""
    from babel.dates import format_datetime

    # without a zone babel would turn the local time into UTC once more
    return str(format_datetime(_local(at, zone).replace(tzinfo=None), "medium", locale=language()))


def _local(at: int, zone: "tzinfo | None") -> "datetime":
    from datetime import UTC, datetime

    return datetime.fromtimestamp(min(max(at, _FIRST), _LAST), UTC).astimezone(zone)


def duration(seconds: int) -> str:
    """A length of time in its largest unit, rounded down: 40s, 19m, 3h, 2d; a negative one with a minus."""
    sign, size = ("-", -seconds) if seconds < 0 else ("", seconds)
    for unit, length in ((N_("%dd"), 86400), (N_("%dh"), 3600), (N_("%dm"), 60)):
        if size >= length:
            return sign + _(unit) % (size // length)
    return sign + _("%ds") % size


def ago(at: int, now: int) -> str:
    """How long before `now` an instant lies: 3h ago; "in 3h" when it is still to come."""
    if at > now:
        return _("in %s") % duration(at - now)
    return _("%s ago") % duration(now - at)
