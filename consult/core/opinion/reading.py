"""The public exports of Polis: votes in two layouts, what was moderated out, and a grouping.

`participants-votes.csv` has a row per participant and a column per statement; `votes.csv` a row per vote. In both,
agree is 1, disagree −1, pass 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.exchange.csv import read_rows
from consult.core.opinion.votes import AGREE, DISAGREE, PASS, UNSEEN, Vote, Votes, arrange, collect

PARTICIPANT: Final = "participant"
_ABOUT: Final = {PARTICIPANT, "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
"""Columns of a row per participant that are no statements."""
VOTER: Final = "voter-id"
STATEMENT: Final = "comment-id"
VOTE: Final = "vote"
TIME: Final = "timestamp"
MODERATED: Final = "moderated"
GROUP: Final = "group"
_VOTES: Final = {"1": AGREE, "-1": DISAGREE, "0": PASS}
_CELLS: Final = {"": UNSEEN} | _VOTES
_BYTES: Final = {text: value % 256 for text, value in _CELLS.items()}
_DIGITS: Final = 15
_MOST: Final = 100
"""Problems that are looked for before the file is given up."""
_LARGEST: Final = 200_000_000
"""Cells that a matrix of votes may have: a byte each, and some copies."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Table:
    """A file under way: its headers, and the rows that come."""

    name: str
    headers: list[str]
    header_row: int
    rows: Iterator[tuple[int, list[str]]]

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Where something is in this file; without a row, in the headers."""
        header = self.headers[column] if column is not None else ""
        return Place(self.name, self.header_row if row is None else row, header)

    def column(self, header: str) -> int:
        """Where a column is. Refuses with `xlsform.column.missing .duplicate`."""
        if self.headers.count(header) != 1:
            code = "xlsform.column.duplicate" if header in self.headers else "xlsform.column.missing"
            raise Refused(Problem(code, {"header": header, "other": header}, self.place()))
        return self.headers.index(header)

    def filled(self) -> Iterator[tuple[int, list[str]]]:
        """The rows, each as long as the first. Refuses with `csv.cells`."""
        width = len(self.headers)
        for number, cells in self.rows:
            if any(cells[width:]):
                raise Refused(Problem("csv.cells", {"count": width}, self.place(number)))
            yield number, cells[:width] + [""] * (width - len(cells))


def _open(data: bytes, name: str) -> _Table:
    rows = read_rows(data, name)
    top, headers = next(rows, (1, []))
    headers = [header.strip() for header in headers]
    while headers and not headers[-1]:
        headers.pop()
    return _Table(name, headers, top, rows)


def read_votes(data: bytes, name: str) -> Votes:
    """The votes in a file of either layout, the latest of each person on each statement.

    Refuses with `opinion.layout .vote .time .identifier .twice .large .empty`, `csv.encoding .row .cells` and
    `xlsform.column.missing .duplicate`, each with row and column.
    """
    table = _open(data, name)
    if VOTE in table.headers:
        found = collect(_unless_wrong(_each_vote(table)))
    elif PARTICIPANT in table.headers:
        found = _matrix(table)
    else:
        raise Refused(Problem("opinion.layout", place=table.place()))
    if not found.cast().any():
        raise Refused(Problem("opinion.empty", place=Place(name)))
    return found


def _each_vote(table: _Table) -> Iterator[Vote | Problem]:
    voter, statement, vote = (table.column(header) for header in (VOTER, STATEMENT, VOTE))
    time = table.column(TIME) if TIME in table.headers else None
    people, statements = set[str](), set[str]()
    for number, cells in table.filled():
        who, what, said = cells[voter].strip(), cells[statement].strip(), cells[vote].strip()
        when = cells[time].strip() if time is not None else str(number)
        value = _VOTES.get(said)
        if not who or not what:
            yield Problem("opinion.identifier", place=table.place(number, statement if who else voter))
        elif value is None:
            yield Problem("opinion.vote", {"value": said}, table.place(number, vote))
        elif not (when.isascii() and when.isdigit() and len(when) <= _DIGITS):
            yield Problem("opinion.time", {"value": when}, table.place(number, time))
        else:
            people.add(who)
            statements.add(what)
            _refuse_large(table, len(people) * len(statements))
            yield Vote(who, what, value, int(when))


def _unless_wrong(found: Iterator[T | Problem]) -> Iterator[T]:
    """What is right; refuses at the end with what is wrong."""
    problems: list[Problem] = []
    for each in found:
        if not isinstance(each, Problem):
            yield each
        elif len(problems) < _MOST:
            problems.append(each)
    refuse_if_any(problems)


def _refuse_large(table: _Table, cells: int) -> None:
    if cells > _LARGEST:
        raise Refused(Problem("opinion.large", {"limit": _LARGEST}, Place(table.name)))


def _matrix(table: _Table) -> Votes:
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    participant = table.column(PARTICIPANT)
    columns = [at for at, header in enumerate(table.headers) if header not in _ABOUT]
    names = [table.headers[at] for at in columns]
    refuse_if_any(
        Problem("opinion.identifier", place=table.place()) if not name else _twice(name, table.place())
        for at, name in enumerate(names)
        if not name or name in names[:at]
    )
    people = dict[str, int]()
    buffer = bytearray()
    problems: list[Problem] = []
    for number, cells in table.filled():
        who = cells[participant].strip()
        if not who:
            problems.append(Problem("opinion.identifier", place=table.place(number, participant)))
        elif who in people:
            problems.append(_twice(who, table.place(number, participant)))
        people[who] = number
        try:
            buffer.extend(map(_BYTES.__getitem__, map(cells.__getitem__, columns)))
        except KeyError:
            problems.extend(_wrong(table, number, cells, columns))
        if len(problems) >= _MOST:
            break
        _refuse_large(table, len(buffer))
    refuse_if_any(problems[:_MOST])
    matrix = np.frombuffer(buffer, dtype=np.int8).reshape(len(people), len(names))
    return arrange(tuple(people), names, matrix)


def _wrong(table: _Table, number: int, cells: Sequence[str], columns: Sequence[int]) -> Iterator[Problem]:
    for at in columns:
        if cells[at] not in _BYTES:
            yield Problem("opinion.vote", {"value": cells[at]}, table.place(number, at))


def _twice(name: str, place: Place) -> Problem:
    return Problem("opinion.twice", {"name": name}, place)


def read_moderated(data: bytes, name: str) -> frozenset[str]:
    """The statements that were moderated out (−1; 1 is in, 0 undecided) in a file with `comment-id` and `moderated`.

    Refuses with `opinion.moderated .identifier` and as `read_votes` does.
    """
    table = _open(data, name)
    statement, moderated = table.column(STATEMENT), table.column(MODERATED)

    def each() -> Iterator[tuple[str, str] | Problem]:
        for number, cells in table.filled():
            what, state = cells[statement].strip(), cells[moderated].strip()
            if not what:
                yield Problem("opinion.identifier", place=table.place(number, statement))
            elif state not in _VOTES:
                yield Problem("opinion.moderated", {"value": state}, table.place(number, moderated))
            else:
                yield what, state

    return frozenset(what for what, state in _unless_wrong(each()) if state == "-1")


def read_groups(data: bytes, name: str, participants: Collection[str]) -> dict[str, int]:
    """A grouping of these participants: `participant`, and in `group` a whole number, or nothing for no group.

    Refuses with `opinion.group .group.unknown .twice .empty` and as `read_votes` does.
    """
    table = _open(data, name)
    participant, group = table.column(PARTICIPANT), table.column(GROUP)
    known, seen = frozenset(participants), set[str]()

    def each() -> Iterator[tuple[str, str] | Problem]:
        for number, cells in table.filled():
            who, which = cells[participant].strip(), cells[group].strip()
            if who not in known:
                yield Problem("opinion.group.unknown", {"name": who}, table.place(number, participant))
            elif who in seen:
                yield _twice(who, table.place(number, participant))
            elif which and not (which.isascii() and which.isdigit() and len(which) <= _DIGITS):
                yield Problem("opinion.group", {"value": which}, table.place(number, group))
            elif which:
                yield who, which
            seen.add(who)

    found = {who: int(which) for who, which in _unless_wrong(each())}
    if not found:
        raise Refused(Problem("opinion.empty", place=Place(name)))
    return found
