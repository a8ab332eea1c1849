"""The names of forms, ways and needs, to be translated by whoever shows them."""

from __future__ import annotations

from consult.events.choosing import Act
from consult.events.models.held import Said, View
from consult.events.models.planned import Form, Need, Provision, Selection
from consult.events.models.signed import Standing, Way
from consult.events.offering import TOO_LATE
from consult.events.placing import Left
from consult.web.messages.marks import N_

FORMS = {
    Form.FOCUS_GROUP: N_("Focus group"),
    Form.HEARING: N_("Public hearing"),
    Form.INTEREST_GROUP: N_("Meeting with interest groups"),
    Form.DIASPORA_MEETING: N_("Diaspora meeting"),
    Form.WORKSHOP: N_("Validation workshop"),
}
SELECTIONS = {
    Selection.NOMINATION: N_("Nominated and chosen"),
    Selection.FIRST: N_("First come, first served"),
    Selection.DRAW: N_("Drawn by lot"),
}
TOLD = {
    Selection.NOMINATION: N_(
        "People are nominated, by others or by themselves. The organisers choose among them, so that people of many "
        "kinds are heard, and say why."
    ),
    Selection.FIRST: N_("Who signs up first gets a place. When all places are taken there is a waiting list."),
    Selection.DRAW: N_("Places are drawn by lot once sign-up has ended. Everybody can recompute the draw."),
}
"""How places are given, as people are told it."""
LEFT = {
    Left.FREE: N_("Places are free"),
    Left.FEW: N_("Few places are left"),
    Left.FULL: N_("All places are taken"),
}
NEEDS = {
    Need.INTERPRETER: N_("An interpreter"),
    Need.SIGN_LANGUAGE: N_("A sign-language interpreter"),
    Need.CHILDCARE: N_("Childcare"),
    Need.WHEELCHAIR: N_("Access by wheelchair"),
    Need.LARGE_PRINT: N_("Documents in large print"),
    Need.TRAVEL: N_("Help with the costs of travel"),
}
PROVISIONS = {
    Provision.STEP_FREE: N_("Step-free access"),
    Provision.HEARING_LOOP: N_("Hearing loop"),
    Provision.SIGN_LANGUAGE: N_("Sign-language interpretation"),
    Provision.CAPTIONS: N_("Captions"),
    Provision.CHILDCARE: N_("Childcare"),
    Provision.LARGE_PRINT: N_("Documents in large print"),
    Provision.QUIET_ROOM: N_("Quiet room"),
    Provision.TRAVEL: N_("Costs of travel are paid"),
}
STANDINGS = {
    Standing.ASKED: N_("Waits for the selection"),
    Standing.PLACED: N_("Has a place"),
    Standing.OFFERED: N_("Has been offered a place"),
    Standing.LISTED: N_("On the waiting list"),
    Standing.REFUSED: N_("Not chosen"),
    Standing.CANCELLED: N_("Cancelled"),
}
WAYS = {
    Way.SELF: N_("Signed up"),
    Way.NOMINATED: N_("Nominated"),
    Way.WALK_IN: N_("Came on the day"),
}
ACTS = {
    Act.PLACE: N_("Give a place"),
    Act.LIST: N_("Put on the waiting list"),
    Act.REFUSE: N_("Give no place"),
}
REASONS = {TOO_LATE: N_("The offered place was not taken in time.")}
"""Reasons that nobody wrote."""
SAID = {
    Said.NOTE: N_("A note, in my words"),
    Said.QUOTE: N_("A quote, in their words"),
}
SPEAKERS = {
    "chair": N_("The chair"),
    "expert": N_("An expert"),
    "official": N_("An official"),
    "participant": N_("A participant"),
}
VIEWS = {
    View.SUPPORTS: N_("Supports it"),
    View.SUPPORTS_PARTLY: N_("Supports it in part"),
    View.OPPOSES: N_("Opposes it"),
    View.NONE: N_("Takes no position"),
}
