"""The mapping file: TOML in, an ImportMapping out, or a Problem that names all its faults at once."""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from deskterm.desk.importing.cellform import CellReader
from deskterm.desk.importing.cells import Cell
from deskterm.desk.importing.faults import fault, together, unknown
from deskterm.desk.importing.fileform import file_form
from deskterm.desk.importing.mapping import (
    CLOSED,
    COUNTS,
    TEXTS,
    TIMES,
    ImportMapping,
    Person,
    Place,
    Rows,
    Talk,
)
from deskterm.rules.names import check_field, slug
from deskterm.rules.problems import N_, Problem
from deskterm.rules.terms import ROLES

__all__ = ["KEYS", "load", "parse"]

_SECTIONS: Final = (
    *("source", "file", "rows", "ticket", "custom", "requester", "submitter", "actor", "assignee"),
    *("group", "queue", "organization", "messages"),
)
_CONTACT: Final = ("key", "name", "address", "phone", "lang", "tz")
_AGENT: Final = ("login", "name", "address", "role", "active")
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "rows": ("key", "are", "at", "order"),
    "ticket": (*CLOSED, *TEXTS, *TIMES, *COUNTS),
    "requester": _CONTACT,
    "submitter": (*_AGENT, "is"),
    "actor": (*_AGENT, "is"),
    "assignee": _AGENT,
    "group": ("name", "title"),
    "queue": ("name", "title"),
    "organization": ("name",),
    "messages": ("body", "each", "public", "at", "author", "login"),
}
"""The sections of a mapping and what may stand in each; [file] has its own page, [custom] takes any name."""


def load(path: Path) -> ImportMapping:
    """The mapping in the file at `path`. Raises Problem of kind "usage"."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem(
            "mapping.read",
            N_("The mapping %(file)s cannot be read: %(reason)s."),
            kind="usage",
            file=str(path),
            reason=error.strerror or "?",
        ) from error
    return parse(content, path.name)


def parse(content: bytes, name: str) -> ImportMapping:
    """The mapping in `content`; `name` stands in the sentence of the Problem."""
    try:
        values = tomllib.loads(content.decode())
    except ValueError as error:  # not TOML, or not UTF-8
        raise Problem(
            "mapping.toml",
            N_("%(file)s is not TOML: %(reason)s."),
            kind="usage",
            file=name,
            reason=str(error),
        ) from error
    reader = _Reader()
    mapping = reader.mapping(values, hashlib.sha256(content).hexdigest())
    if mapping is None or reader.faults:
        raise together(name, reader.faults)
    return mapping


class _Reader(CellReader):
    """Reads the sections of a mapping file."""

    def mapping(self, values: Mapping[str, Any], digest: str) -> ImportMapping | None:
        self.only(values, "", _SECTIONS)
        sections = {name: self._section(values, name) for name in _SECTIONS if name != "source"}
        file, faults = file_form(sections["file"] or {})
        self.faults += faults
        rows = self._rows(sections["rows"] or {})
        ticket = self._ticket(sections["ticket"] or {}, states=rows is not None and rows.states)
        source = self._source(values.get("source"))
        if rows is None:
            return None
        return ImportMapping(
            source=source,
            rows=rows,
            file=file,
            ticket=ticket,
            custom=self._custom(sections["custom"] or {}),
            requester=self._person(sections["requester"], "requester", agent=False),
            submitter=self._anybody(sections["submitter"], "submitter"),
            actor=self._anybody(sections["actor"], "actor"),
            assignee=self._person(sections["assignee"], "assignee", agent=True),
            group=self._place(sections["group"], "group"),
            queue=self._place(sections["queue"], "queue"),
            organization=self._place(sections["organization"], "organization"),
            messages=self._talk(sections["messages"]),
            digest=digest,
        )

    def _source(self, value: Any) -> str:
        try:
            return slug("source", value if isinstance(value, str) else "")
        except Problem:
            sentence = N_('%(place)s: name what is imported, for example source = "servicenow".')
            self.faults.append(fault("source", sentence))
            return ""

    def _rows(self, values: Mapping[str, Any]) -> Rows | None:
        self.only(values, "rows", KEYS["rows"])
        kind = values.get("are", "tickets")
        if kind not in ("tickets", "states"):
            self.faults.append(unknown("rows.are", str(kind), ("tickets", "states")))
        key, at = self._optional(values, "rows", "key"), self._optional(values, "rows", "at")
        if key is None:
            sentence = N_("%(place)s: say which column names the ticket.")
            self.faults.append(fault("rows.key", sentence))
            return None
        if kind == "states" and at is None:
            sentence = N_("%(place)s: say which column tells when a row was written.")
            self.faults.append(fault("rows.at", sentence))
        return Rows(key, kind == "states", at, self._optional(values, "rows", "order"))

    def _ticket(self, values: Mapping[str, Any], *, states: bool) -> dict[str, Cell]:
        self.only(values, "ticket", KEYS["ticket"])
        cells = {
            name: self.cell(values[name], f"ticket.{name}", CLOSED.get(name))
            for name in KEYS["ticket"]
            if name in values
        }
        needed = ("subject", "status") if states else ("subject", "status", "created_at")
        for name in needed:
            if name not in values:
                sentence = N_("%(place)s: say where it comes from, a ticket needs it.")
                self.faults.append(fault(f"ticket.{name}", sentence))
        return cells

    def _custom(self, values: Mapping[str, Any]) -> dict[str, Cell]:
        for name in values:
            try:
                check_field(f"cf.{name}")
            except Problem:
                sentence = N_("%(place)s: a custom field is named by up to 40 letters, digits, _ and -.")
                self.faults.append(fault(f"custom.{name}", sentence))
        return {name: self.cell(value, f"custom.{name}") for name, value in values.items()}

    def _anybody(self, values: Mapping[str, Any] | None, place: str) -> Person | None:
        kind = (values or {}).get("is", "agent")
        if kind not in ("agent", "requester"):
            self.faults.append(unknown(f"{place}.is", str(kind), ("agent", "requester")))
        return self._person(values, place, agent=kind != "requester", more=("is",))

    def _person(
        self, values: Mapping[str, Any] | None, place: str, *, agent: bool, more: tuple[str, ...] = ()
    ) -> Person | None:
        if values is None:
            return None
        known = _AGENT if agent else _CONTACT
        self.only(values, place, (*known, *more))
        cells = {
            name: self.cell(values[name], f"{place}.{name}")
            for name in known
            if name in values and name not in ("role", "active")
        }
        person = Person(agent, **cells, role=self._role(values, place), active=self._active(values, place))
        if not (person.login if agent else person.identity.templates):
            wanted = "login" if agent else "key"
            self.faults.append(fault(f"{place}.{wanted}", N_("%(place)s: say who it is.")))
        return person

    def _role(self, values: Mapping[str, Any], place: str) -> str:
        role = values.get("role", "agent")
        if role not in ROLES[1:]:
            self.faults.append(unknown(f"{place}.role", str(role), ROLES[1:]))
        return str(role)

    def _active(self, values: Mapping[str, Any], place: str) -> bool:
        active = values.get("active", True)
        if not isinstance(active, bool):
            self.faults.append(fault(f"{place}.active", N_("%(place)s: write true or false.")))
        return bool(active)

    def _place(self, values: Mapping[str, Any] | None, place: str) -> Place | None:
        if values is None:
            return None
        self.only(values, place, KEYS[place])
        name = self._optional(values, place, "name")
        if name is None:
            self.faults.append(fault(f"{place}.name", N_("%(place)s: say which one it is.")))
            return None
        return Place(name, self._optional(values, place, "title"))

    def _talk(self, values: Mapping[str, Any] | None) -> Talk | None:
        if values is None:
            return None
        names = KEYS["messages"]
        self.only(values, "messages", names)
        body, *others = (self._optional(values, "messages", name) for name in names)
        if body is None:
            self.faults.append(fault("messages.body", N_("%(place)s: say which column holds the words.")))
            return None
        return Talk(body, *others)

    def _section(self, values: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
        section = values.get(name)
        if section is None or isinstance(section, dict):
            return section
        self.faults.append(fault(name, N_("%(place)s: this is a section, write [%(place)s].")))
        return None

    def _optional(self, values: Mapping[str, Any], place: str, name: str) -> Cell | None:
        return self.cell(values[name], f"{place}.{name}") if name in values else None
