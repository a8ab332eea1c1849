"""Who may use which route: one table, deny by default.

A route that is not listed does not exist (404), and a test fails. Rules say only *who*; which objects they reach
follows from the scope (`core.access`), to which every query of staff is narrowed.
"""

from __future__ import annotations

from consult.core.access import Rule
from consult.web.rules import counting, running, taking_part

PERMISSIONS: dict[str, Rule] = {**running.ROUTES, **taking_part.ROUTES, **counting.ROUTES}
