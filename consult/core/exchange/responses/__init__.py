"""Responses from other systems: tables of rows in, answers and a report of every refused row out."""

from consult.core.exchange.responses.columns import TRIAL
from consult.core.exchange.responses.reading import Found, Row, read

__all__ = ["TRIAL", "Found", "Row", "read"]
