"""Faults: what can be wrong with the table of a calendar, each with its place and a sentence."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from deskterm.rules.problems import N_, Problem

__all__ = ["Faults"]

_MOST: Final = 100  # faults of one table; who has more does not read them
_SHOWN: Final = 80  # characters of a value that a sentence repeats


class Faults(list[Problem]):
    """The faults found so far."""

    def add(
        self, code: str, path: str, template: str, *, choices: Sequence[str] = (), **values: object
    ) -> None:
        """One more; `template` may name %(key)s, the last part of `path`, and the `values`."""
        if len(self) >= _MOST:
            return
        short = {name: str(value)[:_SHOWN] for name, value in values.items()}
        key = path[path.find(".") + 1 :][:_SHOWN]
        found = Problem(code, template, "usage", choices, path, 0, key=key, **short)
        self.append(found)

    def unknown(self, path: str, word: str, known: Sequence[str]) -> None:
        """A key that means nothing."""
        self.add(
            "E301",
            path,
            N_('There is no key "%(word)s" in a calendar.'),
            choices=get_close_matches(word[:_SHOWN], known, n=2) or known,
            word=word,
        )

    def zone(self, word: str) -> None:
        """A time zone that there is not."""
        from zoneinfo import available_timezones

        self.add(
            "E302",
            "tz",
            N_('There is no time zone "%(word)s": use a name such as Europe/Berlin.'),
            choices=get_close_matches(word[:_SHOWN], sorted(available_timezones()), n=3),
            word=word,
        )

    def kind(self, path: str, what: str) -> None:
        """A value of another kind than its key needs; `what` is an example of the right one."""
        self.add("E303", path, N_("%(key)s must be written as %(what)s."), what=what)

    def date(self, path: str, word: str) -> None:
        """No date."""
        template = N_(
            '"%(word)s" is not a date: write 2026-12-24, 12-24 (every year) or 2026-12-24..2026-12-31.'
        )
        self.add("E304", path, template, word=word)

    def single_date(self, path: str, word: str) -> None:
        """No date of one year."""
        self.add("E304", path, N_('"%(word)s" is not a date: write 2026-12-24.'), word=word)

    def weekday(self, path: str, word: str, known: Sequence[str]) -> None:
        """No weekday."""
        template = N_('"%(word)s" is not a weekday.')
        self.add("E305", path, template, choices=known, word=word)

    def region(self, path: str, word: str, near: Sequence[str]) -> None:
        """No region with public holidays."""
        template = N_('No public holidays are known for "%(word)s": use a code such as CN or US-NY.')
        self.add("E306", path, template, choices=near, word=word)
