"""What an import rule cannot hold: sizes, names, mirrors, words for every error, the one door for numbers."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from consult.web.messages import MESSAGES
from tests.architecture.sources import ROOT, SLICES, functions, name, python_files, strings, tree

CODE = re.compile(r"^[a-z][a-z_]*(\.[a-z][a-z_]*)+$")


@pytest.mark.parametrize("path", python_files(), ids=name)
def test_a_function_has_at_most_50_lines(path: Path) -> None:
    long = [
        f"{found.name}: {found.end_lineno - found.lineno + 1}"
        for found in functions(path)
        if found.end_lineno - found.lineno >= 50
    ]
    assert long == []


def test_a_module_has_at_most_400_lines_tests_and_measurements_too() -> None:
    paths = [path for folder in ("consult", "tests", "bench") for path in sorted((ROOT / folder).rglob("*.py"))]
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {path: size for path, size in sizes.items() if size > 400} == {}


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    for folder in ("consult", "tests", "bench"):
        assert [
            path for path in (ROOT / folder).rglob("*.py") if path.stem in drawers or path.parent.name in drawers
        ] == []


def test_public_functions_and_classes_say_what_they_do() -> None:
    silent = [
        f"{name(path)}: {node.name}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not _inner(path, node)
        and ast.get_docstring(node) is None
    ]  # fmt: skip
    assert silent == []


def _inner(path: Path, node: ast.AST) -> bool:
    """Whether a definition stands inside a function, or overrides a documented method of a base class."""
    for outer in ast.walk(tree(path)):
        if outer is not node and isinstance(outer, ast.FunctionDef) and node in ast.walk(outer):
            return True
        if isinstance(outer, ast.ClassDef) and node in outer.body and outer.bases and isinstance(node, ast.FunctionDef):
            return True
    return False


def test_every_slice_has_one_name_everywhere() -> None:
    for folder in ("templates", "tests"):
        for slice_ in SLICES:
            if folder == "templates" and not (ROOT / "consult" / slice_ / "views.py").exists():
                continue
            assert (ROOT / folder / slice_).is_dir(), f"{folder}/{slice_}"
    for views in ROOT.glob("consult/*/views*.py"):
        blueprints = re.findall(r'Blueprint\("(\w+)"', views.read_text(encoding="utf-8"))
        assert set(blueprints) <= {views.parent.name}, name(views)


def test_every_error_code_has_a_sentence_and_every_sentence_a_code() -> None:
    used: dict[str, str] = {}
    for path in python_files():
        if "messages" in path.parts:
            continue
        for call in ast.walk(tree(path)):
            if isinstance(call, ast.Call) and _raises_a_problem(call):
                for argument in call.args[:1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        used[argument.value] = name(path)
    assert {code: place for code, place in used.items() if code not in MESSAGES} == {}
    literals = {text for path in python_files() if "messages" not in path.parts for text in strings(path)}
    assert sorted(code for code in MESSAGES if code not in literals) == []


def _raises_a_problem(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id == "Problem"
    return isinstance(function, ast.Attribute) and function.attr == "because"


def test_error_codes_are_dotted_words() -> None:
    assert [code for code in MESSAGES if not CODE.match(code)] == []


def test_only_results_computes_aggregates() -> None:
    """Numbers leave the system only through releases: nothing else may import `core.aggregation`."""
    importers = {
        name(path)
        for path in python_files()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("consult.core.aggregation"))
        or (
            isinstance(node, ast.Import)
            and any(alias.name.startswith("consult.core.aggregation") for alias in node.names)
        )
    }
    assert {
        path for path in importers if not path.startswith(("consult/results/", "consult/core/aggregation/"))
    } == set()


UNESCAPED = {
    "consult/web/assets.py",  # our own style sheets
    "consult/web/holes.py",  # pages that were escaped when they were rendered, and holes in them
    "consult/web/markdown.py",  # sanitised by nh3
}
"""Where a text that is no literal may be marked safe; literals take their arguments by `format`, which escapes."""


def test_nothing_is_marked_safe_outside_the_list() -> None:
    templates = [
        name(path)
        for path in ROOT.joinpath("templates").rglob("*")
        if path.is_file() and re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text(encoding="utf-8"))
    ]
    assert templates == []
    modules = {
        name(path)
        for path in python_files()
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Markup"
        if any(not isinstance(argument, ast.Constant) for argument in call.args)
    }
    assert modules == UNESCAPED


def test_no_import_hides_inside_a_function_but_the_heavy_ones() -> None:
    heavy = {
        "ibis",
        "duckdb",
        "pyarrow",
        "docx",
        "alembic",
        "xlsxwriter",
        "scipy",
        "numpy",
        "pandas",
        "openpyxl",
        "granian",
        "pyspark",
        "weasyprint",
        "fontTools",
        "resvg_py",
    }
    hidden = [
        f"{name(path)}:{node.lineno}"
        for path in python_files()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and ((node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0] not in heavy
    ]
    assert hidden == []


def test_style_sheets_know_no_left_and_right() -> None:
    physical = re.compile(
        r"(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)|(?:^|[\s;{])(?:left|right):",
        re.MULTILINE,
    )
    assert [
        name(path) for path in ROOT.joinpath("static", "css").glob("*.css") if physical.search(path.read_text("utf-8"))
    ] == []


def test_templates_carry_no_inline_style_or_script() -> None:
    # A data block is not run, so the content security policy lets it stand.
    inline = re.compile(r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*\s(?:src=|type=\"application/json\"))", re.IGNORECASE)
    found = [
        name(path) for path in ROOT.joinpath("templates").rglob("*.html") if inline.search(path.read_text("utf-8"))
    ]
    assert [path for path in found if not path.startswith("templates/email/")] == []


def test_nothing_committed_names_a_registry_or_a_path_of_a_machine() -> None:
    host = re.compile(r"pypi\.org|pythonhosted|npmjs\.(?:org|com)|deb\.debian|/work/|/root/\.", re.IGNORECASE)
    for path in (
        *python_files(),
        *ROOT.glob("requirements/*"),
        *ROOT.glob("docs/**/*.md"),
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
    ):
        assert not host.search(path.read_text(encoding="utf-8")), name(path)
