"""Work on this computer's files in threads, its failures in words."""

import asyncio
import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from lxdtui.api.file_refusals import hint_of
from lxdtui.errors import (
    ApiError,
    BadRequest,
    Conflict,
    FileBusy,
    LocalFileError,
    LxdTuiError,
    NotFound,
    Unauthorized,
)

__all__ = ["in_thread", "local_failures"]

P = ParamSpec("P")
T = TypeVar("T")

_BY_NUMBER: dict[int, type[ApiError]] = {
    errno.ENOENT: NotFound,
    errno.EEXIST: Conflict,
    errno.ENOTEMPTY: Conflict,
    errno.EBUSY: FileBusy,
    errno.ETXTBSY: Conflict,
    errno.EACCES: Unauthorized,
    errno.EPERM: Unauthorized,
    errno.EROFS: Unauthorized,
    errno.ENOTDIR: BadRequest,
    errno.EISDIR: BadRequest,
    errno.ELOOP: BadRequest,
    errno.ENAMETOOLONG: BadRequest,
    errno.EINVAL: BadRequest,
    errno.EXDEV: BadRequest,
    errno.ENXIO: BadRequest,
}


async def in_thread(tried: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do something that may wait for a disk.

    Where this is cancelled, the work ends nevertheless before this does: what
    it uses is then free to be closed.

    Args:
        tried: What is tried, in words, for failures.
        work: What is done.
        args: Its arguments.
        kwargs: Its named arguments.

    Raises:
        LxdTuiError: See :class:`~lxdtui.services.files.FileSystem`.
    """
    task = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    with local_failures(tried):
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task})
            # Taken, so that asyncio does not complain that nobody did.
            task.cancelled() or task.exception()
            raise


@contextmanager
def local_failures(tried: str) -> Iterator[None]:
    """Turn failures of the operating system into ours.

    Args:
        tried: What is tried, in words.

    Raises:
        LxdTuiError: See :class:`~lxdtui.services.files.FileSystem`.
    """
    try:
        yield
    except OSError as error:
        raise _translated(tried, error) from error
    except ValueError as error:
        # A NUL in a name.
        raise BadRequest(tried, str(error)) from error


def _translated(tried: str, error: OSError) -> LxdTuiError:
    words = error.strerror or str(error)
    kind = _BY_NUMBER.get(error.errno or 0)
    return LocalFileError(tried, words) if kind is None else kind(tried, words, hint=hint_of(words))
