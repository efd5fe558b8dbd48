"""``python -m lxdtui``."""

import sys

from lxdtui.entry import main

if __name__ == "__main__":
    sys.exit(main())
