"""Telling: every change that only rules and clocks make has a sentence, and every rule a name."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import deskterm.rules
from deskterm import i18n
from deskterm.rules.automate.effects import LoopStopped, RuleFailed
from deskterm.rules.changes import Change
from deskterm.rules.telling import tell, tell_because
from deskterm.rules.verdicts import Activated, DueSet, Exempted, PolicyApplied, Routed, Voided

OF_RULES: tuple[Change, ...] = (
    PolicyApplied(old="", policy="gold", rev=3),
    PolicyApplied(old="gold", policy="silver", rev=3),
    PolicyApplied(old="gold", policy="", rev=3),
    Routed(route="vpn", wants_agent=False),
    Routed(route="vpn", wants_agent=True),
    Routed(route="", wants_agent=False),
    RuleFailed(verb="set", code="x", template="Ticket %(ticket)s is closed.", values={"ticket": 7}),
    LoopStopped(limit="firings", count=200),
    LoopStopped(limit="depth", count=5),
    Voided(event=12, reason="a test"),
    Voided(event=12, reason=""),
    Exempted(reason="flood"),
    Exempted(reason=""),
    DueSet(metric="resolution", due=1_772_445_600),
    DueSet(metric="resolution", due=None),
    Activated(name="it.toml", body="", rev=3),
)


def sentence(change: Change) -> str:
    told = tell(change.kind, change.facts())
    assert told is not None
    return i18n.tell(told, lambda at: f"at {at}")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def own_kinds() -> set[str]:
    """The kinds of changes that are made in the modules of rules and clocks alone."""
    for found in pkgutil.walk_packages(deskterm.rules.__path__, "deskterm.rules."):
        importlib.import_module(found.name)
    places = ("deskterm.rules.verdicts", "deskterm.rules.automate.effects")
    return {each.kind for each in Change.__subclasses__() if each.__module__ in places and each.kind}


def test_no_kind_of_change_that_only_rules_make_is_without_words() -> None:
    assert own_kinds() <= {each.kind for each in OF_RULES} | {"staged"}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("change", OF_RULES, ids=lambda each: f"{each.kind}-{each.facts()}"[:40])
def test_a_change_is_one_line_without_holes(change: Change, language: str) -> None:
    i18n.use(language)
    told = sentence(change)
    assert told
    assert "%(" not in told
    assert "\n" not in told
    assert change.kind not in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (OF_RULES[1], "SLA policy gold gives way to silver"),
        (OF_RULES[4], "takes the route vpn and waits for an agent"),
        (OF_RULES[6], "a rule could not do set: Ticket 7 is closed."),
        (OF_RULES[9], "event 12 no longer counts for the clocks: a test"),
        (OF_RULES[13], "resolution promised by at 1772445600"),
        (OF_RULES[15], "the rules of it.toml are in force (revision 3)"),
    ],
)
def test_a_change_is_told_as_a_person_would(change: Change, told: str) -> None:
    assert sentence(change) == told


def test_a_name_from_outside_cannot_act_on_a_terminal() -> None:
    assert "\x1b" not in sentence(Exempted(reason="\x1b]52;c;x\x07"))


@pytest.mark.parametrize("facts", [{}, {"template": "%(gone)s"}, {"template": "%(x", "values": {"y": 1}}])
def test_an_event_of_another_version_is_told_all_the_same(facts: dict[str, Any]) -> None:
    told = tell("rule_failed", facts)
    assert told is not None
    assert i18n.tell(told, str).startswith("a rule could not do")


def test_what_people_do_is_not_told_here() -> None:
    assert tell("status", {"old": "new", "new": "open"}) is None


@pytest.mark.parametrize(
    ("because", "told"),
    [
        ("classify vpn@3", "classification vpn@3"),
        ("level it-standard/L1@3", "level it-standard/L1@3"),
        ("matrix@3", "impact and urgency"),
        ("policy@3", "SLA policies of revision 3"),
        ("lifecycle", "lifecycle"),
    ],
)
def test_a_rule_is_named_as_a_reason(because: str, told: str) -> None:
    found = tell_because(because)
    assert found is not None
    assert i18n.tell(found, str) == told


def test_a_person_s_own_action_is_no_rule() -> None:
    assert tell_because("action reply") is None
