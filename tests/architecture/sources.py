"""The project's own files, as the architecture tests read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLICES = (
    "accounts",
    "audit",
    "jobs",
    "mail",
    "keyring",
    "processes",
    "privacy",
    "questionnaires",
    "participation",
    "responses",
    "consultations",
    "events",
    "coding",
    "results",
    "pages",
    "backups",
    "doctor",
)


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of the product."""
    return tuple(sorted(ROOT.joinpath("consult").rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    """A path as people say it."""
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner ones included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def strings(path: Path) -> Iterator[str]:
    """Every string literal of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
