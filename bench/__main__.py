"""`make bench`: run every benchmark on loopback and write docs/performance.md."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import steady
from bench.aggregation import WITHDRAWN
from bench.consultations import CEILING as MORE_COMMENTS
from consult.results.columns import MOST

REPORT = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
FLOOR, CEILING = 0.5, 3.0
CONDITIONS, PAGE, STEADY = 100_000, 50, 100
OVER_IDLE = 300
"""Megabytes that an export of single records may take over an idle process."""
MEMORY = 1_500
OPINIONS, OPINIONS_MEMORY = 10, 2_000
"""Seconds and megabytes that opinion groups may take."""
VOTING = 2.5
"""Times as long as without that a vote may take while opinion groups are being found on one of two cores."""
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
MORE_CODES = 80
"""Megabytes that ten times as many invitations may take besides."""
AGGREGATION_ROWS = {
    "one_way": ("all one-way tables", CEILING),
    "crossed": ("all tables by country", CEILING),
    "refresh": ("refresh after 1,000 new responses", 1.2),
    "withdrawal": ("refresh after withdrawals", None),
}
OPINIONS_ROWS = {"analysis": "the analysis", "command": "the command, from the file to JSON"}
STEADY_ROWS = {"view": "page view", "submission": "whole submission"}

TEMPLATE = """# Performance

Measured by `make bench` on {machine}, {day}. Server, database and load generator share that one machine. Ratios to a
baseline of the same run say more than the figures: they hold on other machines too.

## Serving
The baseline is a bare Flask application that returns the same bytes under the same server (granian) and does the same
durable writes: a row into the same table, looked up once, updated once. The activity has invitation codes, a quota and
all bot measures but the computing, which browsers do. The median of {rounds} rounds; `python -m bench.serving`.

| what | database | consult, per second (p95) | bare, per second (p95) | ratio | wanted |
|---|---|---|---|---|---|
{serving}

A *submission* is the first page, the answers to 30 questions, the check page and the submission.

First view of 30 questions in bytes after gzip, of which the style sheet is about 3 KB (wanted ≤ 14 KB): {weights}.

SQL statements per request, the same for 3 and for 30 questions: {statements}.

## A steady load
{submissions_per_second} whole submissions per second beside {views_per_second:,} page views per second for {seconds}
seconds on PostgreSQL, by `consult serve` with its worker mixing meanwhile. Everything begins when the clock says so,
whether or not the server keeps up, and its duration counts from that moment (wanted: 95th percentile ≤ {p95_most} ms,
no error, nothing lost); `python -m bench.steady`.

| | begun | answered | errors | median | 95th percentile | 99th | slowest |
|---|---|---|---|---|---|---|---|
{steady}

Submissions acknowledged, the warm-up included: {acknowledged:,}; in the database afterwards: {kept:,}; lost: {lost}.

## Questionnaires
Simple conditions evaluated on the server: {conditions_per_second:,} per second (wanted ≥ {conditions:,}). A sent page
of 1,000 questions read and checked: {page_ms} ms (wanted ≤ {page}); `python -m bench.questionnaires`.

Pages of a draft of a household survey of 345 questions and three members, in times of the median page of the demo's
questionnaire, which is shown in {show_demo_ms} ms and taken in {send_demo_ms} ms (wanted ≤ {ceiling:g});
`python -m bench.household`.

| | median page | slowest page |
|---|---|---|
| shown | {show_ratio_median} | {show_ratio_slowest} |
| taken | {send_ratio_median} | {send_ratio_slowest} |

The largest of them has {largest_page_bytes:,} bytes after gzip.

## Aggregation
{responses:,} responses × {questions} questions (25 single choice, one of them with 40 countries, 3 multiple, 2 numeric)
in a column store and a PostgreSQL database as the application leaves them, on two threads. The baseline is SQL written
by hand for DuckDB over the same files in the same run; a refresh is held against the same one on {few:,} responses.
`python -m bench.aggregation {responses}`.

| what | consult | baseline | ratio | wanted | peak of memory (wanted ≤ {memory:,} MB) |
|---|---|---|---|---|---|
{aggregation}

Tables by country are made together with the one-way tables that they need; by hand, without. In the last line
{withdrawn} responses were withdrawn besides: for each a segment of at most {most:,} is rewritten. That has a bound, but
not the same one among few.

## Invitations
{invitations_many:,} codes drawn, stored, written as CSV and XLSX and printed as letters with QR codes, under seal:
{invitations_many_seconds} seconds, at most {invitations_many_megabytes} MB; {invitations_few:,} take
{invitations_few_megabytes} MB (wanted: at most {invitations_most} MB more); `python -m bench.invitations`.

## Opinion groups
{opinions_participants:,} participants × {opinions_statements} statements with {opinions_votes:,} votes and three
planted groups: axes, positions, two to five groups, silhouettes, {opinions_runs} runs for stability, and what marks the
groups. The baseline is what numpy takes for axes and positions alone, in the same run and on one thread as well;
`python -m bench.opinions`.

| what | consult (wanted ≤ {opinions_seconds} s) | baseline | ratio | peak of memory (wanted ≤ {opinions_memory:,} MB) |
|---|---|---|---|---|
{opinions}

The job, which reads the votes out of the database and keeps what it found (wanted ≤ {opinions_seconds} s); and
somebody who votes (the next statement, then the vote on it) while the conversation is analysed over and over: the 95th
percentile beside that without, over eight connections that never pause (wanted: at most {voting_most:g} times as long);
`python -m bench.voting`.

| database | the job alone | votes alone, per second (p95) | votes beside the job | ratio | the job meanwhile |
|---|---|---|---|---|---|
{voting}

## Single records
{microdata_records:,} records of the same questionnaire, exported as CSV, SPSS and Stata with an R script and the
re-identification report: {microdata_over} MB over the {microdata_idle} MB of an idle process (wanted ≤
{microdata_most}), {microdata_seconds} seconds; `python -m bench.microdata`.

## Consultations
A text with {consultations_comments:,} comments on one paragraph, a third of them one pasted text and a third answers to
one comment: its pages in times of those where there are 20 (first page {consultations_few_ms} ms; wanted ≤
{consultations_most:g}), {consultations_pages}; `python -m bench.consultations`.
"""


def measured(module: str, *arguments: str) -> dict[str, Any]:
    """What a benchmark printed, run in a process of its own."""
    done = subprocess.run([sys.executable, "-m", module, *arguments], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def row(what: str, database: str, figures: dict[str, Any]) -> str:
    """One line of the table of serving."""
    ours, bare = figures["ours"], figures["bare"]
    return (
        f"| {what} | {database} | {ours['per_second']:,.0f} ({ours['p95_ms']} ms) "
        f"| {bare['per_second']:,.0f} ({bare['p95_ms']} ms) | {figures['ratio']} | ≥ {FLOOR} |"
    )


def steady_row(what: str, figures: dict[str, Any]) -> str:
    """One line of the table of the steady load."""
    times = " | ".join(f"{figures[f'{name}_ms']} ms" for name in ("p50", "p95", "p99", "max"))
    return f"| {what} | {figures['begun']:,} | {figures['answered']:,} | {figures['errors']} | {times} |"


def aggregation_row(figures: dict[str, Any], what: str, wanted: float | None) -> str:
    """One line of the table of aggregation."""
    seconds, baseline = f"{figures['seconds']} s", f"{figures['baseline']} s"
    least = f"≤ {wanted:g}" if wanted else "–"
    return f"| {what} | {seconds} | {baseline} | {figures['ratio']} | {least} | {figures['megabytes']:,} MB |"


def voting_row(figures: dict[str, Any], database: str) -> str:
    """One line of the table of voting."""
    alone, beside = (f"{figures[name]['per_second']} ({figures[name]['p95_ms']} ms)" for name in ("alone", "beside"))
    job = f"{figures['job']['seconds']} s, {figures['job']['megabytes']:,} MB"
    return f"| {database} | {job} | {alone} | {beside} | {figures['ratio']} | {figures['analysis_seconds']} s |"


def opinions_row(figures: dict[str, Any], what: str) -> str:
    """One line of the table of opinion groups."""
    seconds, baseline = f"{figures['seconds']} s", f"{figures['baseline']} s"
    return f"| {what} | {seconds} | {baseline} | {figures['ratio']} | {figures['megabytes']:,} MB |"


def main(rounds: int = 3, seconds: int = steady.SECONDS) -> None:
    """Measure everything and write the report; exit 1 where a figure is not what is wanted."""
    serving, aggregation = measured("bench.serving", str(rounds)), measured("bench.aggregation")
    questionnaires, household = measured("bench.questionnaires"), measured("bench.household")
    load, microdata = measured("bench.steady", str(seconds)), measured("bench.microdata")
    invitations, opinions, voting = (measured(f"bench.{name}") for name in ("invitations", "opinions", "voting"))
    consultations = measured("bench.consultations")
    ratios = [serving[kind][what]["ratio"] for kind in ("sqlite", "postgresql") for what in ("first", "submission")]
    few, many = (serving["statements"][count] for count in ("3", "30"))
    assert few == many, "the number of statements must not grow with the number of questions"
    weights = {name: size for name, size in serving["first_view_bytes"].items() if not name.endswith("_without_style")}
    rows = [
        row(name, database, serving[kind][what])
        for kind, database in DATABASES.items()
        for what, name in (("first", "first page"), ("submission", "whole submission"))
    ]
    text = TEMPLATE.format(
        machine=f"{os.cpu_count()} cores, Python {platform.python_version()}",
        day=dt.datetime.now(dt.UTC).date().isoformat(),
        rounds=rounds,
        serving="\n".join(rows),
        weights=", ".join(f"{name} {size:,}" for name, size in weights.items()),
        statements=", ".join(f"{name} {count}" for name, count in many.items()),
        ceiling=CEILING,
        submissions_per_second=steady.SUBMISSIONS,
        views_per_second=steady.VIEWS,
        p95_most=STEADY,
        seconds=seconds,
        steady="\n".join(steady_row(what, load[name]) for name, what in STEADY_ROWS.items()),
        **{name: load[name] for name in ("acknowledged", "kept", "lost")},
        conditions=CONDITIONS,
        page=PAGE,
        **questionnaires,
        **household,
        invitations_most=MORE_CODES,
        **{f"invitations_{name}": figure for name, figure in invitations.items()},
        microdata_most=OVER_IDLE,
        **{f"microdata_{name}": microdata[name] for name in ("records", "over", "idle", "seconds")},
        consultations_most=MORE_COMMENTS,
        consultations_pages=", ".join(f"{name} {ratio}" for name, ratio in consultations["ratios"].items()),
        **{f"consultations_{name}": consultations[name] for name in ("comments", "few_ms")},
        aggregation="\n".join(aggregation_row(aggregation[name], *row) for name, row in AGGREGATION_ROWS.items()),
        memory=MEMORY,
        opinions="\n".join(opinions_row(opinions[name], what) for name, what in OPINIONS_ROWS.items()),
        voting="\n".join(voting_row(voting[name], database) for name, database in DATABASES.items()),
        voting_most=VOTING,
        opinions_seconds=OPINIONS,
        opinions_memory=OPINIONS_MEMORY,
        **{f"opinions_{name}": opinions[name] for name in ("participants", "statements", "votes", "runs")},
        withdrawn=WITHDRAWN,
        most=MOST,
        **{name: aggregation[name] for name in ("responses", "few", "questions")},
    )
    REPORT.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    slow = microdata["over"] > OVER_IDLE
    slow |= invitations["many_megabytes"] - invitations["few_megabytes"] > MORE_CODES
    slow |= questionnaires["conditions_per_second"] < CONDITIONS or questionnaires["page_ms"] > PAGE
    slow |= max(household["show_ratio_slowest"], household["send_ratio_slowest"]) > CEILING
    fell_behind = load["lost"] or any(load[name]["errors"] or load[name]["p95_ms"] > STEADY for name in STEADY_ROWS)
    heavy = any(aggregation[name]["megabytes"] > MEMORY for name in AGGREGATION_ROWS)
    heavy |= any(wanted and aggregation[name]["ratio"] > wanted for name, (_, wanted) in AGGREGATION_ROWS.items())
    slow |= any(opinions[name]["seconds"] > OPINIONS for name in OPINIONS_ROWS)
    slow |= any(voting[name]["ratio"] > VOTING or voting[name]["job"]["seconds"] > OPINIONS for name in DATABASES)
    heavy |= any(opinions[name]["megabytes"] > OPINIONS_MEMORY for name in OPINIONS_ROWS)
    sys.exit(int(min(ratios) < FLOOR or heavy or slow or bool(fell_behind)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
