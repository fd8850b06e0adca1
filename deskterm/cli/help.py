"""Help pages: usage, what a command does, its arguments and options, in the reader's language and width."""

import shutil
from collections.abc import Iterator, Sequence
from typing import Final

from typer._click.core import Command, Context, Parameter
from typer.core import TyperArgument, TyperOption

from deskterm.i18n import _
from deskterm.rules.clean import cell_width

__all__ = ["commands_table", "entries", "page", "wrapped"]

_WIDEST: Final = 100
_COLUMN: Final = 26  # where the explanations begin


def page(command: Command, ctx: Context, own: Sequence[Parameter]) -> str:
    """The help page of a command: its own options first, those that all commands share after them."""
    arguments = [param for param in own if isinstance(param, TyperArgument)]
    options = [param for param in own if isinstance(param, TyperOption)]
    shared = [param for param in command.get_params(ctx) if param not in own]
    usage = " ".join([ctx.command_path, *(_piece(each) for each in arguments), _("[OPTIONS]")])
    parts = [_("Usage: %s") % usage, "\n".join(wrapped(_(command.help) if command.help else "", _width()))]
    parts += _section(_("Arguments:"), arguments)
    parts += _section(_("Options:"), options)
    parts += _section(_("Options of every command:") if own else _("Options:"), shared)
    if command.epilog:
        parts.append(_(command.epilog))
    return "\n\n".join(part for part in parts if part) + "\n"


def _piece(argument: TyperArgument) -> str:
    name = _argument(argument)
    return name if argument.required else f"[{name}]"


def _argument(argument: TyperArgument) -> str:
    return (argument.metavar or argument.name.upper()) + ("..." if argument.nargs == -1 else "")


def _section(title: str, params: Sequence[Parameter]) -> list[str]:
    pairs = [pair for param in params if (pair := _pair(param))]
    return ["\n".join([title, *entries(pairs)])] if pairs else []


def _pair(param: Parameter) -> tuple[str, str] | None:
    if isinstance(param, TyperArgument):
        return _argument(param), _(param.help) if param.help else ""
    if not isinstance(param, TyperOption) or param.hidden:
        return None
    names = ", ".join(sorted([*param.opts, *param.secondary_opts], key=len))
    taken = "" if param.is_flag else f" {param.metavar or param.name.upper()}"
    return names + taken, _(param.help) if param.help else ""


def entries(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Names on the left, explanations on the right."""
    for name, text in pairs:
        lines = list(wrapped(text, _width() - _COLUMN)) or [""]
        head = f"  {name}"
        if cell_width(head) > _COLUMN - 2:
            yield head
        else:
            first = lines.pop(0)
            yield (head + " " * (_COLUMN - cell_width(head)) + first).rstrip()
        for line in lines:
            yield " " * _COLUMN + line


def commands_table(pairs: Sequence[tuple[str, str]]) -> str:
    """The list of commands."""
    return "\n".join([_("Commands:"), *entries([(name, _(text)) for name, text in pairs])])


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width` cells; breaks at spaces, and between wide characters."""
    line = ""
    for word in _pieces(text):
        if line.strip() and cell_width(line + word.rstrip()) > width:
            yield line.rstrip()
            line = word.lstrip()
        else:
            line += word
    if line.strip():
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Parts between which a line may end: words with their space, wide characters one by one."""
    piece = ""
    for char in text:
        if cell_width(char) == 2 and char not in "，。：；、）”！？":
            if piece:
                yield piece
            piece = char
        elif piece.endswith(" ") and char != " ":
            yield piece
            piece = char
        else:
            piece += char
    if piece:
        yield piece


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST)
