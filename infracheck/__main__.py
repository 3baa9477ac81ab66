"""`python -m infracheck`."""

import os
import sys

# `python -m` puts the current directory first on the path: a scanned tree must not supply modules.
if not sys.flags.safe_path and sys.path and sys.path[0] in ("", ".", os.getcwd()):  # noqa: PTH109 - nothing imported yet
    del sys.path[0]

from infracheck.cli import main

if __name__ == "__main__":
    main()
