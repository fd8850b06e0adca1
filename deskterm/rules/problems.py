"""Problem: the one exception of the rules; what is wrong, in words a person can act on."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

__all__ = ["N_", "Problem"]


def N_(text: str) -> str:
    """Mark `text` for the message catalogue; it is translated where it is shown."""
    return text


class Problem(Exception):
    """A refusal with a stable `code`, a translatable `template` and the values that fill it.

    `kind` is what a caller reacts to: "refused" (a rule says no), "usage" (a wrong value), "missing" (no such
    thing), "stale" (somebody was faster), "store" (the database cannot be reached). `choices` are the valid
    values, `column` (from 1) the place in a query.
    """

    def __init__(
        self,
        code: str,
        template: str,
        /,
        kind: str = "refused",
        choices: Sequence[str] = (),
        field: str = "",
        column: int = 0,
        **values: object,
    ) -> None:
        self.code = code
        self.template = template
        self.kind = kind
        self.choices = tuple(choices)
        self.field = field
        self.column = column
        self.values: Mapping[str, object] = MappingProxyType(
            {**({"field": field} if field else {}), **values}
        )
        super().__init__(code, template)

    def message(self, translate: Callable[[str], str] | None = None) -> str:
        """The sentence, through `translate` (template in, template out) when given."""
        template = translate(self.template) if translate else self.template
        return template % self.values if self.values else template

    def __str__(self) -> str:
        return self.message()
