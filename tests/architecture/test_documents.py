"""What the documents say is what the code does."""

from __future__ import annotations

from dataclasses import fields

from consult.config import Settings
from tests.architecture.sources import ROOT


def test_operators_find_every_setting_with_its_default() -> None:
    text = ROOT.joinpath("docs", "operate.md").read_text(encoding="utf-8")
    for setting in fields(Settings):
        default = ", ".join(setting.default) if isinstance(setting.default, tuple) else str(setting.default)
        shown = f"`{default}`" if default else "–"
        assert f"| `CONSULT_{setting.name.upper()}` | {shown} | {setting.metadata['help']} |" in text


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in ROOT.joinpath("docs", "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
