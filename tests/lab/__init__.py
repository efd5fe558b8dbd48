"""A lab of real, private LXD and Incus daemons for tests, benchmarks and trying things out.

``python -m tests.lab --help`` shows what it can do by hand.
"""

from tests.lab.daemon import Daemon
from tests.lab.errors import LabError, LabUnavailableError, RequestError
from tests.lab.lab import Lab
from tests.lab.process import Kind

__all__ = ["Daemon", "Kind", "Lab", "LabError", "LabUnavailableError", "RequestError"]
