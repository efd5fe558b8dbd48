"""Editing texts: what they are made of, their differences, merging, earlier versions.

Knows nothing of screens. :mod:`.difference` and :mod:`.merge` are plain
functions on texts and may be used for any two of them.
"""

from lxdtui.services.editing.document import Encoding, LineEnds, NotText, TextFile, TextForm
from lxdtui.services.editing.keeping import Draft, EditStore, Unsaved, Version
from lxdtui.services.editing.service import Earlier, EditingService, OpenedFile

__all__ = [
    "Draft",
    "Earlier",
    "EditStore",
    "EditingService",
    "Encoding",
    "LineEnds",
    "NotText",
    "OpenedFile",
    "TextFile",
    "TextForm",
    "Unsaved",
    "Version",
]
