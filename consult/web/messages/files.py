"""Words for what can be wrong with the sounds and pictures of a form."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "file.sound": N_("This is not a sound that browsers play. Choose an MP3, M4A, AAC, Ogg or WAV file."),
    "media.size": N_("The file is larger than %(megabytes)s MB. Save it smaller, for example as a mono MP3."),
    "media.unused": N_("The form names no such sound or picture. Give the file the name that stands in the form."),
}
