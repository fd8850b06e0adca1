"""Slugs: names that a query and a command line can take, made of whatever another desk calls somebody."""

import hashlib
import re

from deskterm.rules.names import slug
from deskterm.rules.problems import Problem

__all__ = ["slugged", "tagged"]

_LONGEST = 64


def slugged(text: str) -> str:
    """`text` if it is a name already, else its letters and digits with - between; the same for the same."""
    try:
        return slug("name", text)
    except Problem:
        kept = "".join(char if char.isalnum() or char in "-_." else "-" for char in text)
    kept = re.sub("--+", "-", kept).strip("-.")
    try:
        return slug("name", kept)
    except Problem:  # nothing was left, too much was, or it is a word with a meaning of its own
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        return f"{kept[: _LONGEST - 9]}-{digest}" if kept else f"x-{digest}"


def tagged(text: str) -> str:
    """`text` as a tag: what a query could not name becomes -; "" when nothing is left."""
    return re.sub(r'[\s,"()]+', "-", text.strip()).strip("-")[:_LONGEST]
