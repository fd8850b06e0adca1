"""Manner: how an act is done, and for whom."""

from collections.abc import Mapping
from typing import NamedTuple

from deskterm.rules.facts import EMPTY, SYSTEM, Actor

__all__ = ["Manner"]


class Manner(NamedTuple):
    """For a `person` who pressed a macro, or for a rule; `force`d over what a person chose.

    `mute`: nothing goes to the requester, whose message was automatic. `depth` is that of the root, `acting`
    who caused it, `answers` what a macro asked for.
    """

    acting: Actor = SYSTEM
    person: bool = False
    force: bool = False
    mute: bool = False
    depth: int = 0
    answers: Mapping[str, str] = EMPTY
