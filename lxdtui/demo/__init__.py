"""An embedded demo server: LXD's REST API over invented containers, harmless and self-contained.

It shares no code with the client that talks to it, so that one checks the other.
"""

from lxdtui.demo.server import DemoServer

__all__ = ["DemoServer"]
