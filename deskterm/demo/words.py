"""Words: what fills the slots of a story, drawn once a ticket so that it stays the same throughout."""

import tomllib
from collections.abc import Mapping
from random import Random
from typing import Any

from deskterm.demo.house import Caller, package_text

__all__ = ["Pools", "Words", "pools"]

Pools = Mapping[str, Any]


def pools() -> Pools:
    """All word pools, from words.toml."""
    return tomllib.loads(package_text("words.toml"))


class Words(dict[str, str]):
    """The slots of one ticket; a slot that is asked for the first time is drawn."""

    def __init__(self, rng: Random, lang: str, pools: Pools, caller: Caller | None) -> None:
        super().__init__()
        self._rng = rng
        self._lang = lang
        self._pools = pools
        if caller is not None:
            self["first"] = caller.call
            self["name"] = caller.contact.name
            self["org"] = caller.organization
            self["site"] = caller.site

    def __missing__(self, slot: str) -> str:
        pool = self._pools["patterns"].get(slot) or self._pools[self._lang][slot]
        value = self._digits(self._rng.choice(pool))
        if slot == "serial":
            value = f"{(self.get('till') or self['product']).split()[-1]}-{value}"
        self[slot] = value
        return value

    def fill(self, text: str) -> str:
        """`text` with its slots filled."""
        return text.format_map(self) if "{" in text else text

    def any(self, pool: str) -> str:
        """One of the sentences of that pool, filled; another one each time."""
        return self.fill(self._rng.choice(self._pools[self._lang][pool]))

    def again(self, topic: str) -> list[str]:
        """Complaint, answer, cause, solution and reply of a solution that did not hold."""
        line = self._rng.choice(self._pools["again"][topic][self._lang])
        return [self.fill(part.strip()) for part in line.split("|")]

    def _digits(self, pattern: str) -> str:
        if "#" not in pattern:
            return pattern
        head, _, rest = pattern.partition("#")
        digits = [str(self._rng.randrange(1, 10))]
        for piece in rest.split("#")[:-1]:
            digits += [piece, str(self._rng.randrange(10))]
        return head + "".join(digits) + rest.split("#")[-1]
