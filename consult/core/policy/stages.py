"""Stages of the policy cycle."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Stages in their order; a process may go back."""

    AGENDA_SETTING = "agenda_setting"
    POLICY_ANALYSIS = "policy_analysis"
    INSTRUMENTS = "instruments"
    DRAFTING = "drafting"
    VALIDATION = "validation"
    ADOPTION = "adoption"
    IMPLEMENTATION = "implementation"
    EVALUATION = "evaluation"
