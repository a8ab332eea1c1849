"""The world as a map of tiles: every country and inhabited territory has one, about where it lies (ISO 3166-1 alpha-2).

All tiles are of one size, so that a small island can be seen as well as a large country. `XK` is in use for Kosovo.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_MAP: Final = """
.. .. .. .. .. .. .. .. .. .. .. GL .. .. .. .. .. .. SJ .. .. .. .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. .. .. IS FO .. .. NO SE AX FI .. .. .. RU .. .. .. .. .. .. .. .. .. ..
.. .. .. .. CA .. .. .. .. .. .. .. .. IM .. .. DK .. .. LV EE .. .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. .. .. .. IE GB NL DE CZ PL LT BY .. .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. .. .. .. GG JE BE LU AT HU SK MD UA .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. PM .. .. .. FR CH LI SI BA RS RO .. .. .. KZ .. .. MN .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. .. .. .. .. AD MC SM HR ME XK BG .. GE .. UZ KG .. .. .. .. .. .. .. ..
.. .. .. .. US .. .. .. .. .. .. .. .. PT ES .. VA IT AL MK .. TR AM AZ TM TJ .. .. .. .. KP .. .. ..
.. .. .. .. .. .. .. .. .. .. .. .. .. GI .. .. TN MT .. GR CY LB SY IR AF .. .. .. CN KR JP .. .. ..
.. .. .. .. .. .. .. .. BM .. .. .. .. MA .. DZ .. .. .. .. IL PS IQ KW .. PK NP .. .. .. .. .. .. ..
.. .. .. .. MX CU BS TC VG AI .. .. EH .. .. .. .. .. LY .. EG JO SA BH AE .. BD BT MO TW .. .. .. ..
.. .. .. .. BZ KY HT PR MF BL AG .. .. MR .. .. .. .. .. .. .. .. .. QA OM .. IN MM LA HK .. .. .. ..
.. .. .. .. GT JM DO VI SX KN GP CV SN .. ML .. NE .. .. .. SD ER .. YE .. .. .. TH VN .. .. MP .. ..
.. .. .. .. SV HN AW BQ MS DM MQ BB GM .. BF .. .. .. TD .. .. .. .. .. .. .. .. .. KH .. .. GU .. ..
.. .. .. .. .. NI .. CW GD VC LC .. GW GN GH BJ NG .. .. .. .. .. DJ .. .. .. .. .. .. PH .. .. .. ..
.. .. .. .. .. CR PA VE .. TT GY .. SL LR CI TG .. CM CF .. SS ET SO .. .. .. LK .. .. BN PW FM MH ..
.. .. .. .. .. .. CO .. .. .. SR GF .. .. .. ST GQ .. .. .. UG KE .. .. .. MV .. MY SG .. .. .. .. KI
.. .. .. .. .. .. EC .. .. .. .. .. .. .. .. .. GA CG .. CD RW BI .. SC .. .. .. .. .. ID .. .. NR ..
WS TK .. .. .. .. PE .. .. .. BR .. .. .. .. .. .. .. AO .. .. TZ KM .. .. .. .. CC CX TL .. PG SB TV
WF AS PF .. .. .. .. .. BO .. .. .. .. SH .. .. .. .. .. .. ZM MW YT .. .. .. .. .. .. .. .. .. VU FJ
TO NU CK PN .. .. .. .. .. .. PY .. .. .. .. .. .. .. NA BW ZW MZ MG RE MU .. .. .. .. .. AU .. NC ..
.. .. .. .. .. .. .. CL AR .. UY .. .. .. .. .. .. .. .. ZA LS SZ .. .. .. .. .. .. .. .. .. .. NF ..
.. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. NZ
.. .. .. .. .. .. .. .. .. .. FK .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. .. ..
"""

PLACES: Final[Mapping[str, tuple[int, int]]] = {
    code: (column, row)
    for row, line in enumerate(_MAP.strip().splitlines())
    for column, code in enumerate(line.split())
    if code != ".."
}
"""Column and row of every tile, by code."""
COLUMNS: Final = 1 + max(column for column, _row in PLACES.values())
ROWS: Final = 1 + max(row for _column, row in PLACES.values())
