"""What came of a test."""

from collections.abc import Callable
from typing import NamedTuple

from deskterm.rules.problems import N_, Problem

__all__ = ["Failure", "TestResult"]

_DIFFERS = N_("%(key)s: expected %(expected)s, got %(got)s")


class Failure(NamedTuple):
    """What is not as expected at `key`, or, with a `problem`, what is wrong there with the test itself."""

    key: str
    expected: str = ""
    got: str = ""
    problem: Problem | None = None

    def sentence(self, translate: Callable[[str], str] | None = None) -> str:
        """The failure in words, without its place."""
        if self.problem is not None:
            return f"{self.key}: {self.problem.message(translate).rstrip('.。')}"
        template = translate(_DIFFERS) if translate else _DIFFERS
        return template % {"key": self.key, "expected": self.expected, "got": self.got}


class TestResult(NamedTuple):
    """A test of a rule file, where it stands, and all that failed in it (nothing: it passed)."""

    name: str
    line: int
    failures: tuple[Failure, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures

    def sentences(self, file: str, translate: Callable[[str], str] | None = None) -> tuple[str, ...]:
        """A line per failure: it.toml:210: test 'NAME': due.resolution: expected X, got Y."""
        place = f"{file}:{self.line}: test '{self.name}'"
        return tuple(f"{place}: {each.sentence(translate)}" for each in self.failures)


TestResult.__test__ = False  # type: ignore[attr-defined]  # it is none of pytest's
