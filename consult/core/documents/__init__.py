"""Documents that somebody sends: which kinds are kept, and what is left of them.

What a document is, its content says. It is written anew without who wrote it, with what and when; what could do
something when it is opened is refused. `cleaning.clean` does that in a process of its own.
"""

from __future__ import annotations

from typing import Final

PDF: Final = "application/pdf"
WORDS: Final = "text/plain"
TEXT_DOCUMENTS: Final = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
    }
)
SPREADSHEETS: Final = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    PDF: "pdf",
    WORDS: "txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
"""Every kind of file that is kept, by media type, with how names of such files end."""
