"""Ruling: another rule file comes into force, and tickets come under it one by one."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from deskterm.rules import upkeep as u
from deskterm.rules.draft import Draft
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Level, Ola, RuleBook, Uc
from deskterm.rules.verdicts import Activated

if TYPE_CHECKING:
    from deskterm.rules.calendar import Calendar

__all__ = ["activate", "refresh", "words_of"]

_AHEAD: Final = 2 * 366 * 86_400  # seconds; for so long at least every calendar has to go on


def activate(action: u.ActivateRules, draft: Draft) -> None:
    """Put a rule file in force; it was loaded without a fault before, and is loaded again here."""
    from deskterm.rules.rulefile import load

    rules = load(action.body, action.name, public=_public(action), book=draft.book)
    _refuse_lost_words(rules, draft)
    _refuse_endless(rules, draft.now)
    rev = 1 + (int(draft.book.activated[-1].data["rev"]) if draft.book.activated else 0)
    draft.add(
        Activated(
            name=action.name,
            body=action.body,
            rev=rev,
            holidays=action.holidays,
            words=words_of(rules),
            note=action.note.strip(),
        )
    )


def words_of(rules: RuleBook) -> dict[str, Any]:
    """The words of a desk as JSON keeps them."""
    terms = rules.terms
    return {
        "priorities": list(terms.priorities),
        "default_priority": terms.default_priority,
        "matrix": {impact: dict(row) for impact, row in terms.matrix.items()},
        "statuses": dict(terms.statuses),
    }


def refresh(_action: u.Refresh, draft: Draft) -> None:
    """Look at the ticket by the rules in force; the cascade does the rest."""
    draft.refreshes = True


def _public(action: u.ActivateRules) -> Any:
    if not action.holidays:
        return None
    from deskterm.rules.calendar.public import restored

    return restored(action.holidays)


def _refuse_lost_words(rules: RuleBook, draft: Draft) -> None:
    """A status that open tickets are in cannot go."""
    lost = sorted(draft.book.terms.statuses.keys() - rules.terms.statuses.keys())
    used = [each for each in lost if each in draft.facts.taken]
    if used:
        raise Problem(
            "rules.status",
            N_("%(count)d tickets are %(status)s, a status that %(name)s does not have: move them first."),
            status=used[0],
            count=draft.facts.taken[used[0]],
            name=rules.name,
        )


def _refuse_endless(rules: RuleBook, now: int) -> None:
    """A promise whose calendar never gets there would let nobody open or answer a ticket under it."""
    for policy in rules.policies:
        last = now + _AHEAD if policy.valid_until is None else policy.valid_until
        for targets in policy.targets.values():
            _reach(rules.calendars[policy.calendar], targets, policy.levels, max(now, last))
    inner: tuple[Ola | Uc, ...] = (*rules.olas, *rules.ucs)
    for each in inner:
        _reach(rules.calendars[each.calendar], each.targets, each.levels, now + _AHEAD)


def _reach(calendar: "Calendar", targets: Mapping[str, int], levels: Iterable[Level], last: int) -> None:
    """Find the farthest instant of all targets and levels, counted from `last`. Raises CalendarExhausted."""
    places = [each.position(targets[each.metric]) for each in levels if each.metric in targets]
    calendar.add(last, max((*targets.values(), *places), default=0))
