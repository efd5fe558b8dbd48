"""Where the console script begins.

The garbage collector is off while the modules are loaded, which creates much
and leaves nothing to collect: a tenth of the time to the first list.
"""

import gc
import importlib

__all__ = ["main"]


def main() -> int:
    """Load the program and run it; returns its exit status."""
    gc.disable()
    status: int = importlib.import_module("lxdtui.cli").main()
    return status
