"""Frozen: how the values of the desk are declared."""

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

__all__ = ["frozen"]

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """A dataclass with slots whose instances are equal by content; to change one is an error of types.

    A command defines a hundred of these before it does anything. A dataclass that is frozen at run time as
    well compiles six methods for each and costs four times as much; this one compiles its constructor only.
    """
    made: type[Any] = dataclass(eq=False, repr=False, slots=True)(cls)
    content = attrgetter("__class__", *(each.name for each in fields(made)))
    names = tuple(each.name for each in fields(made) if each.repr)

    def equal(self: Any, other: object) -> bool:
        return content(self) == content(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(content(self))

    def shown(self: Any) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({told})"

    made.__eq__, made.__hash__, made.__repr__ = equal, hashed, shown  # type: ignore[assignment]
    return made
