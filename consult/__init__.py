"""consult: ministries listen to their diaspora and turn what they hear into evidence."""

import os

# Threads of linear algebra wait for one another by spinning: beside a busy server one is faster than two. It is read
# when numpy is first imported, so it is said before anything else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
