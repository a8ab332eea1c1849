"""Recompute a draw from its public record: python recompute_draw.py RECORD.json

Needs Python 3.11 and nothing else; where SciPy 1.14 or later is installed, the places of each class are worked out as
well. It shares no code with the platform that made the record. It ends with 1 if anything differs.

What it cannot see: whether the entries are those that were announced before the seed was known (compare the commitment
that it prints with the announced one), and whether the seed is what its source said.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

try:
    import numpy
    from scipy.optimize import Bounds, LinearConstraint, milp
except ImportError:
    milp = None


def lot(seed, name):
    return hashlib.sha256(seed.encode() + b"\0" + name.encode()).digest()


def commitment(entries):
    """SHA-256 of the entries as JSON: keys sorted, no space."""
    text = json.dumps(entries, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def certainly(target, one):
    """People on a ticket of a class who are in the target's cell whoever they are."""
    known = one["profile"]
    inside = all(variable in known and set(known[variable]) <= set(kinds) for variable, kinds in target["cell"].items())
    return min(one["sizes"]) if inside else 0


def possibly(target, one):
    """People on a ticket of a class who may be in the target's cell."""
    known = one["profile"]
    apart = any(
        variable in known and not set(known[variable]) & set(kinds) for variable, kinds in target["cell"].items()
    )
    return 0 if apart else max(one["sizes"])


def violations(entries, allocation):
    """By how many people each target is not met."""
    placed = list(zip(entries["classes"], allocation, strict=True))
    for target in entries["targets"]:
        least = sum(certainly(target, one) * tickets for one, tickets in placed)
        most = sum(possibly(target, one) * tickets for one, tickets in placed)
        maximum = most if target["maximum"] is None else target["maximum"]
        yield {"short": max(0, target["minimum"] - least), "over": max(0, most - maximum)}


def lottery(tickets, allocation, seed):
    """In each class those with the lowest lots; everybody else waits, by lot too."""
    ordered = sorted(tickets, key=lambda ticket: (lot(seed, ticket), ticket))
    first = {place: [one for one in ordered if tickets[one] == place][:many] for place, many in enumerate(allocation)}
    winners = {ticket for one in first.values() for ticket in one}
    return [one for one in ordered if one in winners], [one for one in ordered if one not in winners]


def allocate(entries, candidates, seed):
    """The integer programme: least violation, then most places, then nearest to shares moved by lot."""
    classes, targets, capacity = entries["classes"], entries["targets"], entries["capacity"]
    sizes = [max(one["sizes"]) for one in classes]
    # One column for each ticket that may win, of each class in turn; then what is missing and too much in each target.
    columns = [
        (place, turn) for place, many in enumerate(candidates) for turn in range(min(many, capacity // sizes[place]))
    ]
    width, tail = len(columns) + 2 * len(targets), numpy.zeros(2 * len(targets))
    if not columns:
        return [0] * len(classes)
    rows, least, most = [], [], []

    def keep(row, low, high):
        rows.append(row)
        least.append(low)
        most.append(high)

    def over_tickets(of_class):
        return numpy.concatenate([numpy.array([of_class[place] for place, _ in columns], dtype=float), tail])

    def solve(costs):
        found = milp(
            costs,
            integrality=numpy.arange(width) < len(columns),
            bounds=Bounds(0, numpy.where(numpy.arange(width) < len(columns), 1, numpy.inf)),
            constraints=LinearConstraint(numpy.array(rows), least, most),
            options={"mip_rel_gap": 0},
        )
        if found.status:
            raise ArithmeticError(found.message)
        return found.x

    keep(over_tickets(sizes), 0, capacity)
    for number, target in enumerate(targets):
        missing = len(columns) + 2 * number
        row = over_tickets([certainly(target, one) for one in classes])
        row[missing] = 1
        keep(row, target["minimum"], numpy.inf)
        if target["maximum"] is not None:
            row = over_tickets([possibly(target, one) for one in classes])
            row[missing + 1] = -1
            keep(row, -numpy.inf, target["maximum"])
    for costs in (numpy.arange(width) >= len(columns)) * 1.0, -over_tickets(sizes):
        keep(costs, -numpy.inf, round(costs @ solve(costs)) + 0.5)

    starts = [(int.from_bytes(lot(seed, f"class {place}")[:8], "big") >> 11) / 2**53 for place in range(len(classes))]
    mean = 10**6 * sum(size * many for size, many in zip(sizes, candidates, strict=True)) / max(1, capacity)
    lines = [mean * sizes[place] / candidates[place] * (turn + starts[place]) for place, turn in columns]
    won = solve(numpy.concatenate([lines, tail]))[: len(columns)].round()
    count = Counter(place for (place, _), one in zip(columns, won, strict=True) if one)
    return [count[place] for place in range(len(classes))]


def check(record):
    """Each part of a record, and whether it is what it should be; None where that cannot be told here."""
    entries, seed, allocation = record["entries"], record["seed"], record["allocation"]
    sizes = [max(one["sizes"]) for one in entries["classes"]]
    members = Counter(entries["tickets"].values())
    candidates = [members[place] for place in range(len(sizes))]
    yield "version", record["version"] == 1
    yield "commitment", record["commitment"] == commitment(entries)
    yield "threshold", len(sizes) < 2 or min(candidates) >= entries["threshold"]
    yield "capacity", sum(map(int.__mul__, sizes, allocation)) <= entries["capacity"]
    yield "violations", record["violations"] == list(violations(entries, allocation))
    winners, waiting = lottery(entries["tickets"], allocation, seed)
    yield "winners", record["winners"] == winners
    yield "waiting", record["waiting"] == waiting
    yield "allocation", None if milp is None else allocation == allocate(entries, candidates, seed)


def main(path):
    record = json.loads(Path(path).read_text(encoding="utf-8"))
    parts = dict(check(record))
    words = {True: "as recorded", False: "DIFFERS", None: "not checked, SciPy is not installed"}
    for part, right in parts.items():
        print(f"{part}: {words[right]}")
    print("the entries were to be announced as", commitment(record["entries"]))
    for target, missed in zip(
        record["entries"]["targets"], violations(record["entries"], record["allocation"]), strict=True
    ):
        if any(missed.values()):
            print("target not met:", json.dumps(target["cell"], ensure_ascii=False), missed)
    print("a place goes to:", *lottery(record["entries"]["tickets"], record["allocation"], record["seed"])[0])
    return int(False in parts.values())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1]))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        sys.exit(f"This is no record of a draw, or it is damaged: {error!r}")
