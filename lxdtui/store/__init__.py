"""What we currently believe the servers hold.

:class:`~lxdtui.store.store.Store` keeps immutable values by reference. Only
``services`` write, through one entry; the interface reads and watches.
"""

from lxdtui.store.following import FollowedInstance
from lxdtui.store.state import Link, LinkState, Reading, StoreState, Usage
from lxdtui.store.store import Store
from lxdtui.store.updates import Change

__all__ = [
    "Change",
    "FollowedInstance",
    "Link",
    "LinkState",
    "Reading",
    "Store",
    "StoreState",
    "Usage",
]
