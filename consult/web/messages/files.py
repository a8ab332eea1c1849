"""Words for what can be wrong with a file that somebody sends."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "file.image": N_("This is not a picture that can be read. Choose a JPEG, PNG or WebP file."),
    "file.kind": N_(
        "Files of this kind are not taken. Choose a picture, a PDF, a text document, a spreadsheet or plain text."
    ),
    "file.damaged": N_("This file cannot be read. Save it again, or as a PDF, and choose it again."),
    "file.locked": N_("This file asks for a password. Save it without one and choose it again."),
    "file.active": N_("There are macros or other files in this file. Save it as a PDF and choose that."),
    "file.empty": N_("This file is empty. Choose another one."),
    "file.large": N_("This file is larger than %(limit)s MB. Choose a smaller one."),
    "file.image.size": N_("This picture has more than %(megapixels)s million points. Choose a smaller one."),
    "file.sound": N_("This is not a sound that browsers play. Choose an MP3, M4A, AAC, Ogg or WAV file."),
    "media.size": N_("The file is larger than %(megabytes)s MB. Save it smaller, for example as a mono MP3."),
    "media.unused": N_("The form names no such sound or picture. Give the file the name that stands in the form."),
}
