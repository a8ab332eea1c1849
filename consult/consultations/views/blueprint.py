"""The blueprint, which every module of views adds its routes to."""

from __future__ import annotations

from flask import Blueprint

from consult.core.redaction import pieces

blueprint = Blueprint("consultations", __name__)
PUBLIC = "/<locale>/c/<slug>"
"""Where people take part: pages without a session."""
DESK = "/<locale>/desk/consultations/<slug>"
"""Where staff work on a consultation, by the address of its activity."""
OBJECT = "<kind>/<uuid:object_id>"
"""A contribution of any kind."""

blueprint.add_app_template_filter(pieces)
