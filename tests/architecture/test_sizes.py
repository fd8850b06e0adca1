"""Small files and small functions: a reader sees each of them whole.

Not counted are the revisions of the schema, which are written once and never edited, and the signatures of
commands, which are tables of options.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE_LINES = 400
FUNCTION_LINES = 45
MODULES = [path for path in sorted((ROOT / "deskterm").rglob("*.py")) if path.parent.name != "versions"]


def functions(source: str, *, signatures: bool) -> Iterator[tuple[str, int]]:
    """The name of every function and how many lines it has, with its signature or without."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.lineno if signatures else node.body[0].lineno
            yield node.name, (node.end_lineno or first) - first + 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_can_be_read_at_one_go(path: Path) -> None:
    source = path.read_text("utf-8")
    counted = functions(source, signatures=path.parent.name != "cli")
    assert len(source.splitlines()) <= FILE_LINES
    assert [f"{name}: {lines}" for name, lines in counted if lines > FUNCTION_LINES] == []


def test_a_long_function_is_noticed() -> None:
    source = "class Screen:\n    def tall(self):\n" + "        pass\n" * FUNCTION_LINES
    assert list(functions(source, signatures=True)) == [("tall", FUNCTION_LINES + 1)]


def test_a_command_may_have_many_options() -> None:
    source = "def new(\n    subject,\n    body,\n):\n    pass\n"
    assert list(functions(source, signatures=False)) == [("new", 1)]
