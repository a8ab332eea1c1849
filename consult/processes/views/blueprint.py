"""The blueprint, which every module of views adds its routes to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("processes", __name__)
