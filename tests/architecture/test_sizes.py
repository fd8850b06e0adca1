"""Small files and small functions: a reader sees each of them whole."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE_LINES = 400
FUNCTION_LINES = 45
MODULES = sorted((ROOT / "deskterm").rglob("*.py"))


def functions(source: str) -> Iterator[tuple[str, int]]:
    """The name of every function and how many lines it has, its signature and docstring among them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_can_be_read_at_one_go(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= FILE_LINES
    assert [f"{name}: {lines}" for name, lines in functions(source) if lines > FUNCTION_LINES] == []


def test_a_long_function_is_noticed() -> None:
    source = "class Screen:\n    def tall(self):\n" + "        pass\n" * FUNCTION_LINES
    assert list(functions(source)) == [("tall", FUNCTION_LINES + 1)]
