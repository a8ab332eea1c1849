"""Many statements at once, as they are pasted: a line for each, or CSV with a column for each language."""

from __future__ import annotations

from collections.abc import Sequence

from consult.consultations.statements import Labelled
from consult.core.exchange.csv import read_csv
from consult.core.text import LocalisedText, clean

_THEME = "theme"
_ROWS = 2_000


def read(pasted: str, locales: Sequence[str]) -> Sequence[Labelled]:
    """Statements with the codes of their themes. `locales`: of the consultation, the source locale first.

    It is CSV where the first line names the source locale and another column (a locale, or `theme`); other columns are
    left out. Refuses as `read_csv` does.
    """
    text = clean(pasted).strip()
    first = {head.strip().strip('"').casefold() for head in text.partition("\n")[0].replace(";", ",").split(",")}
    names = {locale.casefold(): locale for locale in locales}
    if len(first) < 2 or locales[0].casefold() not in first or not first <= {*names, _THEME}:
        return [(LocalisedText({locales[0]: line}), "") for line in map(_line, text.splitlines()) if line]
    sheet = read_csv(text.encode(), _THEME, columns=len(locales) + 1, rows=_ROWS)
    heads = [head.casefold() for head in sheet.headers]
    found = []
    for row in sheet.rows:
        cells = {heads[at]: _line(cell) for at, cell in row.cells.items()}
        label = LocalisedText({names[head]: cell for head, cell in cells.items() if head in names})
        found.append((label, cells.get(_THEME, "")))
    return found


def _line(text: str) -> str:
    return " ".join(text.split())
