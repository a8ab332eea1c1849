"""Where templates, static files, translations and migrations lie.

In a checkout they stand at the top of the tree, in an installed wheel inside the package (`pyproject.toml`,
`force-include`).
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_assets"
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
TRANSLATIONS = ROOT / "translations"
MIGRATIONS = ROOT / "migrations"
RECOMPUTE_DRAW = ROOT / "docs" / "examples" / "recompute_draw.py"
"""The program by which a stranger recomputes a draw."""
