"""`python -m infracheck`."""

import sys

# `python -m` puts the current directory first on the path: a scanned tree must not supply modules.
if sys.path and sys.path[0] in ("", "."):
    del sys.path[0]

from infracheck.cli import main

if __name__ == "__main__":
    main()
