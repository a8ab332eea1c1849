"""The blueprint of notices and help."""

from flask import Blueprint

blueprint = Blueprint("privacy", __name__)
