"""What weights and estimates look like on the command line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

import msgspec

from consult.core.aggregation.estimates import Estimate
from consult.core.aggregation.fits import Fit
from consult.core.aggregation.weights import Fitted, Raked, spread
from consult.core.exchange.safe import cell
from consult.results.models import Margins

Value = str | int | float | None
Rows = Sequence[Mapping[str, Value]]


def raked(found: Raked, form: str) -> str:
    """How raking went and whom it reached, category by category; rates are respondents per person of the population."""
    sizes = spread(found.weights)
    rows = [_category(each, found) for each in found.categories]
    told: dict[str, Value] = {
        "respondents": len(found.weights),
        "rounds": found.rounds,
        "deviation": float(f"{found.deviation:.1e}"),
        "trimmed": found.trimmed,
        "sum": sizes.sum,
        "least": sizes.least,
        "greatest": sizes.greatest,
        "deff_kish": sizes.design_effect,
        "n_eff_kish": sizes.effective_base,
    }
    if form == "json":
        return json.dumps({**told, "categories": rows}, ensure_ascii=False, indent=2)
    reached = sorted(found.categories, key=lambda each: each.respondents / each.total)
    told |= {
        f"{which}_rate": f"{_short(each.respondents / each.total)} ({each.variable}: {each.category})"
        for which, each in (("least", reached[0]), ("greatest", reached[-1]))
    }
    return "\n".join([*(f"{name}: {_short(value)}" for name, value in told.items()), "", _aligned(rows)])


def estimates(found: Sequence[Estimate], form: str) -> str:
    """Estimates as JSON, CSV or a table to read."""
    if form == "json":
        rows: list[dict[str, object]] = [
            {
                "by": each.by,
                "category": each.category,
                "n": each.n,
                "estimate": each.estimate,
                "se": each.se,
                "ci": list(each.ci),
                "deff": each.deff,
                "n_eff": each.n_eff,
                "raw": each.raw,
            }
            for each in found
        ]
        return json.dumps(rows, ensure_ascii=False, indent=2)
    flat = [_estimate(each) for each in found]
    return _aligned(flat) if form == "text" else _csv(flat)


def margins(found: Margins, fits: Sequence[Fit], form: str) -> str:
    """Margins of an activity, what became of them, and how they fit, channel by channel."""
    told: dict[str, Value] = {"number": found.number, "state": found.state, "lower": found.lower, "upper": found.upper}
    day = found.fitted_on.isoformat() if found.fitted_on else None
    if form == "json":
        channels = [msgspec.to_builtins(fit) for fit in fits]
        whole = {**told, "margins": found.totals, "fitted_on": day, "fit": channels}
        return json.dumps(whole, ensure_ascii=False, indent=2)
    rows: list[dict[str, Value]] = [
        {
            "channel": fit.channel,
            "refused": fit.refused or None,
            "rounds": fit.rounds or None,
            "least": fit.least or None,
            "greatest": fit.greatest or None,
            "trimmed": fit.trimmed,
            "missed_percent": fit.missed,
            "deff_kish": fit.design_effect or None,
            "n_eff_kish": fit.effective or None,
        }
        for fit in fits
    ]
    lines = [*(f"{name}: {_short(value)}" for name, value in told.items()), f"fitted on: {day or '-'}"]
    return "\n".join([*lines, "", _aligned(rows)] if rows else lines)


def _category(each: Fitted, found: Raked) -> dict[str, Value]:
    same = [other for other in found.categories if other.variable == each.variable]
    return {
        "variable": each.variable,
        "category": each.category,
        "n": each.respondents,
        "raw_share": each.respondents / len(found.weights),
        "base_share": each.base / sum(other.base for other in same),
        "margin_share": each.total / sum(other.total for other in same),
        "weighted_share": each.weighted / sum(found.weights),
        "total": each.total,
        "weighted": each.weighted,
        "rate": each.respondents / each.total,
    }


def _estimate(each: Estimate) -> dict[str, Value]:
    return {
        "by": each.by,
        "category": each.category,
        "n": each.n,
        "raw": each.raw,
        "estimate": each.estimate,
        "se": each.se,
        "ci_low": each.ci[0],
        "ci_high": each.ci[1],
        "deff": each.deff,
        "n_eff": each.n_eff,
    }


def _csv(rows: Rows) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(rows[0])
    lines.writerows([cell(value) if isinstance(value, str) else value for value in row.values()] for row in rows)
    return text.getvalue().rstrip("\n")


def _aligned(rows: Rows) -> str:
    """Rows under their names, without columns in which nothing stands; texts to the left, numbers to the right."""
    names = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    shown = [names, *([_short(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in shown) for place in range(len(names))]
    left = [any(isinstance(row[name], str) for row in rows) for name in names]
    return "\n".join(
        "  ".join(
            text.ljust(width) if texts else text.rjust(width)
            for text, width, texts in zip(line, widths, left, strict=True)
        ).rstrip()
        for line in shown
    )


def _short(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}".replace(",", "") if abs(value) >= 1e6 else f"{value:.6g}"
    return "-" if value is None else str(value)
