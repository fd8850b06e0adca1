"""Options that several commands declare in the same words."""

from typing import Annotated, Final

import typer

from deskterm.cli import completing as known
from deskterm.rules.problems import N_, Problem

__all__ = [
    "Active",
    "Agent",
    "Body",
    "BodyEdit",
    "BodyFile",
    "Category",
    "Channel",
    "DedupeKey",
    "Fields",
    "Files",
    "Group",
    "Impact",
    "Language",
    "Limit",
    "Name",
    "Priority",
    "Queue",
    "Reason",
    "Region",
    "Requester",
    "RequesterName",
    "RuleFile",
    "Subject",
    "SubjectWord",
    "Suggest",
    "Tags",
    "Text",
    "TicketLanguage",
    "Tickets",
    "Timezone",
    "Title",
    "Type",
    "Until",
    "Urgency",
    "Vendor",
    "pairs",
]


Tickets = Annotated[
    list[str],
    typer.Argument(
        metavar="TICKET", help=N_("Ticket numbers, or - to read them (or JSON lines) from stdin.")
    ),
]
Body = Annotated[
    str | None, typer.Option("--body", "-b", metavar="TEXT", help=N_("The text; - reads it from stdin."))
]
BodyFile = Annotated[
    str | None, typer.Option("--file", "-f", metavar="FILE", help=N_("Read the text from this file."))
]
BodyEdit = Annotated[bool, typer.Option("--edit", "-e", help=N_("Write the text in your editor."))]
Files = Annotated[
    list[str] | None, typer.Option("--attach", metavar="FILE", help=N_("Attach this file; may be repeated."))
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help=N_("Why."))]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="WHEN", help=N_("Wake up then: 3h, 2d, 16:30, 2026-03-02 or 2026-03-02T10:00.")
    ),
]
Limit = Annotated[int, typer.Option("--limit", "-n", metavar="N", help=N_("At most so many; 0 for all."))]

Queue = Annotated[
    str | None,
    typer.Option("--queue", "-q", metavar="QUEUE", help=N_("The queue."), autocompletion=known.queues),
]
Group = Annotated[
    str | None,
    typer.Option("--group", "-g", metavar="GROUP", help=N_("The group."), autocompletion=known.groups),
]
Priority = Annotated[
    str | None,
    typer.Option(
        "--priority", "-p", metavar="P1..P4", help=N_("The priority."), autocompletion=known.priorities
    ),
]
Type = Annotated[
    str | None, typer.Option("--type", metavar="TYPE", help=N_("The type."), autocompletion=known.types)
]
Category = Annotated[str | None, typer.Option("--category", metavar="TEXT", help=N_("The category."))]
Impact = Annotated[
    str | None,
    typer.Option("--impact", metavar="LEVEL", help=N_("low, medium or high."), autocompletion=known.levels),
]
Urgency = Annotated[
    str | None,
    typer.Option("--urgency", metavar="LEVEL", help=N_("low, medium or high."), autocompletion=known.levels),
]
TicketLanguage = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="LANG",
        help=N_("The language of the ticket, such as zh (default: the requester's)."),
    ),
]
Region = Annotated[
    str, typer.Option("--region", metavar="REGION", help=N_("The region, as the rules of the desk name it."))
]
Fields = Annotated[
    list[str] | None,
    typer.Option("--field", metavar="NAME=VALUE", help=N_("A custom field; may be repeated.")),
]
Agent = Annotated[
    str | None,
    typer.Option("--assignee", "-a", metavar="LOGIN", help=N_("The assignee."), autocompletion=known.agents),
]
Channel = Annotated[
    str,
    typer.Option("--channel", metavar="CHANNEL", help=N_("How it came in."), autocompletion=known.channels),
]

SubjectWord = Annotated[str | None, typer.Argument(metavar="SUBJECT", help=N_("What it is about."))]
Subject = Annotated[str | None, typer.Option("--subject", "-s", metavar="TEXT", help=N_("The subject."))]
Requester = Annotated[
    str,
    typer.Option(
        "--requester",
        "-r",
        metavar="ADDRESS",
        help=N_("Whom it is for; an unknown address becomes a contact."),
    ),
]
RequesterName = Annotated[
    str, typer.Option("--name", metavar="NAME", help=N_("The name of a new requester."))
]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", "-t", metavar="TAG", help=N_("A tag; may be repeated."))
]
DedupeKey = Annotated[
    str,
    typer.Option(
        "--dedupe-key",
        metavar="KEY",
        help=N_("While a ticket with this key is open, note another occurrence on it."),
    ),
]
Suggest = Annotated[
    bool | None,
    typer.Option(
        "--suggest/--no-suggest",
        help=N_("Show what the requester has open first (default: on a terminal)."),
    ),
]
Vendor = Annotated[
    str | None, typer.Option("--vendor", metavar="NAME", help=N_("The third party it waits for."))
]
RuleFile = Annotated[
    str | None,
    typer.Option("--file", "-f", metavar="FILE", help=N_("As this rule file would have it.")),
]
Text = Annotated[str, typer.Argument(metavar="TEXT", help=N_("Part of a name, an address or a domain."))]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help=N_("The name."))]
Title = Annotated[
    str | None, typer.Option("--title", metavar="TEXT", help=N_("What people read as its name."))
]
Active = Annotated[bool | None, typer.Option("--active/--inactive", help=N_("Whether it takes part."))]
Language = Annotated[
    str | None, typer.Option("--language", metavar="LANG", help=N_("The language, such as zh."))
]
Timezone = Annotated[
    str | None, typer.Option("--timezone", metavar="ZONE", help=N_("The time zone, such as Asia/Shanghai."))
]


_NO_PAIR: Final = N_('"%(text)s" is not a field with its value: write NAME=VALUE.')


def pairs(given: list[str] | None, template: str = _NO_PAIR) -> dict[str, str]:
    """NAME=VALUE texts as a mapping. Raises Problem (usage) whose sentence is `template`."""
    found = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Problem("field.form", template, kind="usage", field="field", text=text)
        found[name] = value
    return found
