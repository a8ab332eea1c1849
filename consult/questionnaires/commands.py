"""The command line for XLSForms: `consult xlsform check`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from consult.core.errors import Problem, Refused
from consult.core.exchange.xlsform import Imported, read
from consult.web.messages import sentence


@click.group("xlsform")
def xlsform() -> None:
    """Work with questionnaires in XLSForm files."""


@xlsform.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
@click.option("--source", default="", metavar="LOCALE", help="Locale of columns that name no language.")
@click.pass_context
def check(context: click.Context, file: Path, form: str, source: str) -> None:
    """Say what FILE contains, or everything that is wrong with it (exit code 1)."""
    try:
        imported = read(file.read_bytes(), filename=file.name, source=source)
    except Refused as refused:
        told = [_told(problem) for problem in refused.problems]
        click.echo(_json({"problems": told}) if form == "json" else "\n".join(map(_line, told)))
        context.exit(1)
    warnings = [_told(problem) for problem in imported.warnings]
    click.echo(_json({**imported.summary.to_json(), "warnings": warnings}) if form == "json" else _text(imported))


def _told(problem: Problem) -> dict[str, str | int | None]:
    """A problem with its place and its sentence, in English."""
    place = problem.place
    return {
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "code": problem.code,
        "message": sentence(problem, str),
    }


def _line(told: dict[str, str | int | None]) -> str:
    place = [told["sheet"], told["row"] and f"row {told['row']}", told["column"]]
    return f"{', '.join(str(part) for part in place if part) or 'file'}: {told['message']} [{told['code']}]"


def _text(imported: Imported) -> str:
    lines = [f"{name}: {_value(value)}" for name, value in imported.summary.to_json().items()]
    if imported.warnings:
        lines += ["", "warnings:", *(_line(_told(problem)) for problem in imported.warnings)]
    return "\n".join(lines)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {count}" for key, count in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
