"""Who may use a route: the rules that the table of routes is made of (`consult.web.rules`)."""

from __future__ import annotations

from consult.core.access import Rule

PUBLIC = Rule(public=True)
SIGNED_IN = Rule(signed_in=True)
OPERATOR = Rule(operator=True)


def only(roles: str = "", seats: str = "") -> Rule:
    """Holders of one of these roles at the institution, or of one of these seats in the core group."""
    return Rule(roles=frozenset(roles.split()), seats=frozenset(seats.split()))


SEATS = "lead member observer adviser"
ADMINISTER = only("administrator")
"""Those who decide who works for an institution, and read what was done."""
MANAGE = only("officer administrator", "lead")
"""Those who run a process and its activities."""
VIEW = only("officer administrator translator facilitator steward coder", SEATS)
"""Everybody who works on a process. Interviewers do not: they see the interviews that they are named for."""
INTERVIEW = only("interviewer")
"""Those who enter answers of others, where they are named."""
ANSWER = only("respondent")
"""Those who answer for their institution, where they are named."""
NAME = only("officer administrator")
"""Those who name them."""
ASKED = only("respondent officer administrator")
"""Those who see what their institution is asked to answer."""
DESK = Rule(signed_in=True, roles=VIEW.roles, seats=VIEW.seats)
"""The list of what somebody works on, which may be empty."""
BEGIN = only("officer administrator")
"""Those who may begin a policy process for their institution."""
TRANSLATE = only("officer administrator translator", "lead")
"""Those who write and review translations."""
WORDS = only("officer administrator translator")
"""Those who translate the words that participants see in an added language, where they work for the operator."""
RESULTS = only("officer steward", SEATS)
"""Those who see released numbers and the fieldwork page."""
RELEASE = only("officer steward", "lead")
"""Those who freeze and publish numbers."""
STEWARD = only("steward")
"""Those who may see what participants sent besides numbers, and what releases hide."""
REPLY = only("officer administrator", "lead member")
"""Those who draft official answers."""
CODING = only("officer administrator steward coder", "lead")
"""Those who see how far coding is, and how far coders agree."""
CODE = only("steward coder")
"""Those who read what people wrote, to code it."""
FOR_CODERS = only("officer administrator steward coder translator", "lead")
"""Those who work on texts, or see which of them are with translators."""
TRANSLATE_ANSWERS = only("steward translator")
"""Those who read answers, to translate them for coders."""
HOST = only("officer administrator facilitator", "lead")
"""Those who choose who comes to an event, see who signed up, and write down what was said."""
HELD = only("officer administrator steward facilitator", SEATS)
"""Those who read the report of an event."""
