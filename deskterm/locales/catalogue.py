"""The catalogue: `python -m deskterm.locales.catalogue` extracts, updates and compiles the messages."""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

__all__ = ["FOLDER", "POT", "compiled", "extracted", "faults", "main", "po_of", "read"]

FOLDER: Final = Path(__file__).parent
POT: Final = FOLDER / "deskterm.pot"
_PACKAGE: Final = FOLDER.parent
_KEYWORDS: Final = {"_": None, "N_": None, "ngettext": (1, 2)}
_THEN: Final = datetime(2026, 1, 1, tzinfo=UTC)  # a constant: the same sources give the same file


def po_of(language: str) -> Path:
    """The file with the translations of `language`."""
    return FOLDER / language / "LC_MESSAGES" / "deskterm.po"


def _new(locale: str | None = None) -> Catalog:
    return Catalog(
        locale=locale,
        project="deskterm",
        version="0",
        header_comment="# Kept up to date by `python -m deskterm.locales.catalogue`.",
        msgid_bugs_address="deskterm",
        charset="utf-8",
        creation_date=_THEN,
        revision_date=_THEN,
        language_team="deskterm",
        last_translator="deskterm",
        fuzzy=False,
    )


def extracted() -> Catalog:
    """Every message that the sources mark, with the files it stands in."""
    found = _new()
    for file, _line, text, comments, context in extract_from_dir(_PACKAGE, keywords=_KEYWORDS):
        if "locales" not in Path(file).parts:
            found.add(text, locations=[(f"deskterm/{file}", 0)], auto_comments=comments, context=context)
    return found


def read(path: Path, language: str | None = None) -> Catalog:
    """The catalogue in a file."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, template: Catalog) -> Catalog:
    """The translations of `language`, with an empty one for each new message and none that is not needed."""
    path = po_of(language)
    known = read(path, language) if path.exists() else _new(language)
    fresh = _new(language)
    for message in _messages(template):
        old = known.get(message.id)
        text = old.string if old is not None and not old.fuzzy else ""
        fresh.add(message.id, text, locations=message.locations, flags=message.flags)
    return fresh


def compiled(catalogue: Catalog) -> bytes:
    """The .mo file of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def faults(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    """What is wrong with a translation: messages that are missing, fuzzy, stale or that lose a value."""
    wanted = {message.id for message in _messages(template)}
    for message in _messages(catalogue):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id not in wanted:
            yield f"stale: {message.id!r}"
        elif message.fuzzy or not all(texts):
            yield f"missing: {message.id!r}"
        for error in message.check(catalogue):
            yield f"{error}: {message.id!r}"
    for missing in wanted - {message.id for message in _messages(catalogue)}:
        yield f"missing: {missing!r}"


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _write(catalogue: Catalog, path: Path) -> None:
    out = io.BytesIO()
    write_po(out, catalogue, width=110, sort_by_file=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue())


def main() -> int:
    """Bring every catalogue up to date; 1 when a translation is still missing."""
    template = extracted()
    _write(template, POT)
    code = 0
    for path in sorted(FOLDER.glob("*/LC_MESSAGES")):
        language = path.parent.name
        catalogue = updated(language, template)
        _write(catalogue, po_of(language))
        path.joinpath("deskterm.mo").write_bytes(compiled(catalogue))
        for fault in faults(catalogue, template):
            sys.stderr.write(f"{language}: {fault}\n")
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
