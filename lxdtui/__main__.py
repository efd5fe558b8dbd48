"""``python -m lxdtui``."""

import sys

from lxdtui.cli import main

if __name__ == "__main__":
    sys.exit(main())
