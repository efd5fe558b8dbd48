"""The same work on many things, some of them at a time."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from typing import TypeVar

__all__ = ["in_parallel"]

T = TypeVar("T")


async def in_parallel(
    items: Iterable[T] | AsyncIterable[T],
    work: Callable[[T], Awaitable[None]],
    *,
    width: int,
) -> None:
    """Do a work on each item; the first failure ends it all.

    Args:
        items: Taken one by one, only when there is room for it.
        work: What is done.
        width: How many at the same time.

    Raises:
        Exception: The first failure of the work or of the items.
    """
    room = asyncio.Semaphore(width)

    async def one(item: T) -> None:
        try:
            await work(item)
        finally:
            room.release()

    try:
        async with asyncio.TaskGroup() as group:
            if isinstance(items, AsyncIterable):
                async for item in items:
                    await room.acquire()
                    group.create_task(one(item))
            else:
                for item in items:
                    await room.acquire()
                    group.create_task(one(item))
    except BaseExceptionGroup as failures:
        raise _first(failures) from None


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    first = failures.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
