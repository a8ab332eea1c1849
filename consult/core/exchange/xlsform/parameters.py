"""The `parameters` column: `start=0 end=10`, checked by what the type of a question understands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from consult.core.errors import Place
from consult.core.exchange.workbook import Row
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.kinds import FILE, Kind
from consult.core.exchange.xlsform.references import Uses
from consult.core.exchange.xlsform.report import Report
from consult.core.questionnaire.definition import SELECTS, QuestionType

_PARAMETER: Final = re.compile(r"([A-Za-z][\w-]*)\s*=\s*([^\s,;]+)")
_REFERENCE: Final = re.compile(r"\$\{[^{}\s]+\}")
_SELECT: Final = frozenset({"randomize", "seed"})
_RANGE: Final[tuple[str, ...]] = ("start", "end", "step", "tick_interval", "placeholder")
_KNOWN: Final[Mapping[QuestionType, frozenset[str]]] = {
    QuestionType.TEXT: frozenset({"rows"}),
    QuestionType.IMAGE: frozenset({"max-pixels", "app"}),
    QuestionType.RANGE: frozenset({*_RANGE, "tick_labelset"}),
    **dict.fromkeys(SELECTS, _SELECT),
}
"""What the reference understands; other types take whatever is written there."""
_WHOLE: Final = ("rows", "max-pixels")


def pairs(text: str) -> dict[str, str]:
    """The parameters that can be read, their names in lower case."""
    return {name.lower(): value for name, value in _PARAMETER.findall(text)}


def read_parameters(cells: Cells, row: Row, kind: Kind, uses: Uses, report: Report) -> dict[str, str]:
    """`start=0 end=10`, also with commas or semicolons between. Codes: `xlsform.parameters.*`."""
    text, place = cells.word(row, "parameters"), cells.place(row, "parameters")
    if _PARAMETER.sub("", text).strip(" ,;"):
        report.error("xlsform.parameters", place, text=text[:60])
        return {}
    uses.mentions(text, place)
    found = pairs(text)
    known = _KNOWN.get(kind.type)
    if known is not None:
        if kind.type in SELECTS and FILE.fullmatch(kind.choices):
            known |= {"value", "label"}
        for name in [name for name in found if name not in known]:
            report.warn("xlsform.parameters.unknown", place, name=name, type=kind.type.value)
            del found[name]
        _check(found, kind, place, report)
    return found


def _check(found: Mapping[str, str], kind: Kind, place: Place, report: Report) -> None:
    for name in _WHOLE:
        if name in found and not re.fullmatch(r"[0-9]{1,9}", found[name]):
            report.error("xlsform.parameters.whole", place, name=name, value=found[name][:60])
    if kind.type is QuestionType.RANGE:
        _check_range(found, place, report)
    if kind.type not in SELECTS:
        return
    randomize, seed = found.get("randomize", ""), found.get("seed", "")
    if randomize.lower() not in ("", "true", "false"):
        report.error("xlsform.parameters.truth", place, name="randomize", value=randomize[:60])
    if seed and (not randomize or not (_REFERENCE.fullmatch(seed) or _number(seed) is not None)):
        report.error("xlsform.parameters.seed", place, value=seed[:60])


def _check_range(found: Mapping[str, str], place: Place, report: Report) -> None:
    """Numbers, and steps that fit between start and end; absent ones are as in the reference."""
    numbers = {"start": Decimal(1), "end": Decimal(10), "step": Decimal(1)}
    wrong = False
    for name in _RANGE:
        if name in found:
            number = _number(found[name])
            if number is None:
                wrong = True
                report.error("xlsform.parameters.number", place, name=name, value=found[name][:60])
            else:
                numbers[name] = number
    if wrong:
        return
    start, end, step = numbers["start"], numbers["end"], numbers["step"]
    width, least, most = abs(end - start), min(start, end), max(start, end)
    unfit = [name for name in _RANGE[2:4] if name in numbers and not 0 != numbers[name] <= width]
    if not unfit:
        ticks, mark = numbers.get("tick_interval", step), numbers.get("placeholder", start)
        unfit += ["tick_interval"] if ticks % step else []
        unfit += ["placeholder"] if not least <= mark <= most or (mark - start) % step else []
    for name in unfit:
        report.error("xlsform.parameters.step", place, name=name, value=found.get(name, "1")[:60])


def _number(text: str) -> Decimal | None:
    """A number of a size that can be reckoned with."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 and _decimals(number) <= 15 else None


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # it is finite
    return -exponent
