"""What can be wrong with the file of a draft text."""

from consult.web.messages.marks import N_

MESSAGES = {
    "drafting.file.empty": N_("The file is empty."),
    "drafting.file.unknown": N_("This is neither a Word file (.docx) nor a Markdown file (.md)."),
    "drafting.file.encoding": N_("The text is not in UTF-8. Save it again with the encoding UTF-8."),
    "drafting.file.legacy": N_("This is a file of an old Word (.doc). Save it as .docx."),
    "drafting.file.encrypted": N_("The file is protected by a password. Save it without one."),
    "drafting.file.damaged": N_("The file is damaged and cannot be read. Open it in Word and save it again as .docx."),
    "drafting.file.doctype": N_("The file contains declarations that no Word file needs. It was not opened."),
    "drafting.file.too_large": N_("The file is too large (the limit is %(megabytes)s MB)."),
    "drafting.text.empty": N_("There is no text in the file."),
    "drafting.text.blocks": N_("The text has too many paragraphs (the limit is %(most)s)."),
    "drafting.text.long": N_(
        "The paragraph “%(begins)s…” is too long (the limit is %(longest)s characters). Divide it."
    ),
    "drafting.translation.count": N_(
        "Paragraphs in the file: %(found)s; in the draft text: %(wanted)s. A translation needs one for each."
    ),
    "drafting.translation.kind": N_(
        "“%(begins)s…” stands where the draft text has “%(source)s…”, but is something else (heading, paragraph, list)."
    ),
}
