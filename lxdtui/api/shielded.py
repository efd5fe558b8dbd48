"""Requests that are not to be left half-way."""

import asyncio
from collections.abc import Coroutine
from typing import Any

__all__ = ["to_the_end"]


async def to_the_end(request: Coroutine[Any, Any, None]) -> None:
    """Let a request end even where this is cancelled, to know what it has begun.

    Args:
        request: What is awaited. Where this is cancelled, what it raises is dropped.
    """
    task = asyncio.create_task(request)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        # Taken, so that asyncio does not complain that nobody did.
        task.cancelled() or task.exception()
        raise
