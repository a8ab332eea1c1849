"""The blueprint, which every module of views adds its routes to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("questionnaires", __name__)
PREFIX = "/<locale>/desk/activities/<slug>"
