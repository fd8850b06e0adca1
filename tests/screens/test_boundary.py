"""The boundary as a rule: text goes into a widget as Content made in present.py, and in no other way."""

import ast
from pathlib import Path

import pytest

import deskterm.screens

FOLDER = Path(deskterm.screens.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))
BOUNDARY = FOLDER / "present.py"

# what reads markup out of a string, or makes Content without cleaning
FORBIDDEN_NAMES = {
    "Static",
    "Label",
    "Button",
    "OptionList",
    "Option",
    "DataTable",
    "Tabs",
    "Tab",
    "Markdown",
    "Text",
}
FORBIDDEN_MODULES = {"rich.text", "rich.markup", "textual.markup", "rich.markdown"}
FORBIDDEN_CALLS = {"notify", "from_markup", "from_text", "from_rich_text", "assemble"}
FORBIDDEN_TARGETS = {"border_title", "border_subtitle", "tooltip", "sub_title", "placeholder"}
MAKES_CONTENT = {"Content"}


def flaws(source: str, *, boundary: bool = False) -> list[str]:
    """What in a module carries text past the boundary."""
    nodes = list(ast.walk(ast.parse(source)))
    found = [
        flaw for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for flaw in imported(node)
    ]
    found += [flaw for node in nodes if isinstance(node, ast.Call) for flaw in called(node, boundary)]
    return found + [flaw for node in nodes if isinstance(node, ast.Assign) for flaw in assigned(node)]


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    names = {each.name for each in node.names}
    module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
    bad = module in FORBIDDEN_MODULES or bool(names & FORBIDDEN_MODULES)
    widgets = names & FORBIDDEN_NAMES if module.startswith("textual") else set()
    return [f"{node.lineno}: imports {module} {sorted(names)}"] if bad or widgets else []


def called(node: ast.Call, boundary: bool) -> list[str]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    owner = getattr(function.value, "id", "") if isinstance(function, ast.Attribute) else ""
    makes = {name, owner} & MAKES_CONTENT and not boundary
    return [f"{node.lineno}: calls {owner}.{name}"] if name in FORBIDDEN_CALLS or makes else []


def assigned(node: ast.Assign) -> list[str]:
    names = {each.attr for each in node.targets if isinstance(each, ast.Attribute)}
    return [f"{node.lineno}: sets {sorted(names)}"] if names & FORBIDDEN_TARGETS else []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_module_carries_text_past_the_boundary(path: Path) -> None:
    assert not flaws(path.read_text(encoding="utf-8"), boundary=path == BOUNDARY)


@pytest.mark.parametrize(
    "planted",
    [
        "from textual.widgets import Static",
        "from textual.content import Content\nContent(subject)",
        "from textual.content import Content\nContent.from_markup(subject)",
        "self.notify(subject)",
        "self.border_title = subject",
        "from rich.text import Text",
        "import rich.markup",
    ],
)
def test_a_planted_way_around_is_found(planted: str) -> None:
    assert flaws(planted)


def test_segments_are_made_of_cells_that_were_fitted_or_cleaned() -> None:
    """Segments are the one place where strings go to the screen without Content: only in line widgets."""
    users = {path.name for path in FILES if "rich.segment" in path.read_text(encoding="utf-8")}
    assert users == {"backstop.py", "ticket_list.py", "line_view.py", "choice_list.py"}
