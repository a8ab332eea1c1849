"""Names of the texts that are translated, in the reader's language."""

from __future__ import annotations

from typing import Final

from consult.core.translation import State
from consult.web.messages.marks import N_

FIELDS: Final = {
    "label": N_("Label"),
    "hint": N_("Hint"),
    "guidance": N_("Guidance"),
    "required_message": N_("Message where an answer is missing"),
    "constraint_message": N_("Message where an answer is not accepted"),
    "choice": N_("Choice"),
    "title": N_("Title"),
    "mandate": N_("Mandate"),
    "public_name": N_("Name for the public"),
    "theme": N_("Theme"),
    "controller": N_("Who is responsible"),
    "word": N_("Text"),
    "plural": N_("Text with a number"),
    "purpose": N_("What the answers are used for"),
    "recipients": N_("Who receives the data"),
    "transfers": N_("Transfers to other countries"),
    "automated": N_("Decisions by machines"),
    "source": N_("Where the data come from"),
    "law": N_("Law or decision"),
    "authority": N_("Authority to complain to"),
    "complaint": N_("How to complain"),
    "name": N_("Name"),
    "words": N_("What people should know"),
    "invitation": N_("Invitation"),
    "reminder": N_("Reminder"),
    "heading": N_("Heading"),
    "paragraph": N_("Paragraph"),
    "item": N_("Item of a list"),
    "quote": N_("Quotation"),
    "row": N_("Row of a table"),
    "about": N_("What it is about"),
    "consent": N_("Consent"),
    "guardian": N_("Consent of guardians"),
    "seed_source": N_("From where the seed of the draw comes"),
    "place": N_("Place"),
    "questions": N_("Questions"),
    "probes": N_("Probes"),
}
KINDS: Final = {
    "words": N_("Interface"),
    "process": N_("Policy process"),
    "themes": N_("Themes"),
    "title": N_("Activity"),
    "questionnaire": N_("Questionnaire"),
    "notice": N_("Data-protection notice"),
    "help": N_("Help for participants"),
    "invitations": N_("Invitations"),
    "text": N_("Draft text"),
    "event": N_("Event"),
}
STATES: Final = {
    State.MISSING: N_("Missing"),
    State.DRAFT: N_("Draft"),
    State.REVIEWED: N_("Reviewed"),
    State.STALE: N_("Stale"),
}
