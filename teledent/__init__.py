"""Teledent. Holds nothing but the SQLite swap.

Debian's SQLite 3.40 is in the range of a WAL corruption bug (fixed in 3.51.3). Where the pysqlite3 wheel exists, it
takes the place of the standard driver before Django imports it; `teledent.checks` reports which library is in use.
"""

import sys

try:
    import pysqlite3
except ImportError:  # no wheel for this platform: the plain driver stays, and settings refuse WAL below 3.51.3
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
