"""Words for what can be wrong with a file that somebody sends."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "file.image": N_("This is not a picture that can be read. Choose a JPEG, PNG or WebP file."),
    "file.image.size": N_("This picture has more than %(megapixels)s million points. Choose a smaller one."),
}
