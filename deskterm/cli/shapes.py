"""Shapes: the parts that the schemas of answers are made of."""

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["TEXT", "WHOLE", "YES", "Schema", "instants", "listed", "maybe", "record", "texts", "wholes"]

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
WHOLE: Final[Schema] = {"type": "integer"}
YES: Final[Schema] = {"type": "boolean"}
_ISO: Final = r"^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"


def record(members: Mapping[str, Schema], **more: Any) -> Schema:
    """An object: all members are always there, and no others."""
    return {
        "type": "object",
        "properties": dict(members),
        "required": list(members),
        "additionalProperties": False,
        **more,
    }


def texts(names: str) -> dict[str, Schema]:
    """Members that are texts."""
    return dict.fromkeys(names.split(), TEXT)


def wholes(names: str) -> dict[str, Schema]:
    """Members that are whole numbers."""
    return dict.fromkeys(names.split(), WHOLE)


def listed(item: Schema) -> Schema:
    """A list of one kind."""
    return {"type": "array", "items": item}


def maybe(schema: Schema) -> Schema:
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def instants(names: str, *, always: bool = False) -> dict[str, Schema]:
    """Each instant twice: ISO 8601 in UTC, and epoch seconds under `_at`."""
    iso: Schema = {"type": "string", "pattern": _ISO}
    found: dict[str, Schema] = {}
    for name in names.split():
        found[name] = iso if always else maybe(iso)
        found[f"{name}_at"] = WHOLE if always else maybe(WHOLE)
    return found
