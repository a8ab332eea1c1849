"""Where a reader may be sent to after signing in: addresses of this site only."""

from __future__ import annotations

import re

_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\xa0]*")


def local(address: str | None) -> str | None:
    """The address if it is a path of this site, else none.

    Refused are other sites in every spelling browsers understand: `//host`, `/\\host`, and those with tabs or line
    breaks inside, which browsers drop.
    """
    return address if address and _LOCAL.fullmatch(address) else None
