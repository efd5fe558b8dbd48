"""Copies and moves in the background: a queue, progress, questions, one result per item.

- :mod:`~lxdtui.services.transfers.service` the queue, what screens work with
- :mod:`~lxdtui.services.transfers.values` what is seen of transfers
- :mod:`~lxdtui.services.transfers.transfer` one transfer, pausing, trying again
- :mod:`~lxdtui.services.transfers.run` one pass over its items
- :mod:`~lxdtui.services.transfers.file_copy` one file, checked and gone on with
- :mod:`~lxdtui.services.transfers.sides` what copying needs of a place
"""

from lxdtui.services.transfers.service import TransferService
from lxdtui.services.transfers.transfer import Transfer
from lxdtui.services.transfers.values import (
    Answer,
    Choice,
    CopyOptions,
    ItemResult,
    Outcome,
    Question,
    TransferState,
    TransferView,
)

__all__ = [
    "Answer",
    "Choice",
    "CopyOptions",
    "ItemResult",
    "Outcome",
    "Question",
    "Transfer",
    "TransferService",
    "TransferState",
    "TransferView",
]
