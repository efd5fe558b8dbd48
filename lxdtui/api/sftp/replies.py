"""What replies mean: results, ends, and refusals as exceptions of ours."""

from collections.abc import Callable
from typing import TypeVar

from lxdtui.api.file_refusals import file_error
from lxdtui.api.sftp.packets import MalformedPacketError, Packet, StatusCode, Type, parse_status
from lxdtui.errors import (
    BadRequest,
    ConnectionFailed,
    ConnectionProblem,
    NotFound,
    Unauthorized,
    UnexpectedResponse,
)

__all__ = ["parsed", "status_of", "wrong_answer"]

T = TypeVar("T")


def parsed(packet: Packet, wanted: Type, parse: Callable[[bytes], T], tried: str) -> T:
    """Take the result out of a reply.

    Args:
        packet: The reply.
        wanted: The kind of reply that has the result.
        parse: Reads its body.
        tried: What is tried, in words.

    Raises:
        ApiError: The server refused, see :func:`status_of`.
        UnexpectedResponse: It is another reply.
    """
    if packet.type == Type.STATUS:
        status_of(packet, tried)
        raise wrong_answer(tried, "a status without a result")
    if packet.type != wanted:
        raise wrong_answer(tried, f"packet {packet.type}")
    try:
        return parse(packet.body)
    except MalformedPacketError as error:
        raise wrong_answer(tried, str(error)) from error


def status_of(packet: Packet, tried: str) -> StatusCode:
    """Return OK or EOF; anything else is raised.

    Args:
        packet: A reply of the kind STATUS.
        tried: What is tried, in words.

    Raises:
        ApiError: The server refused; the classes are told at ``SftpSession``.
    """
    try:
        status = parse_status(packet.body)
    except MalformedPacketError as error:
        raise wrong_answer(tried, str(error)) from error
    match status.code:
        case StatusCode.OK:
            return StatusCode.OK
        case StatusCode.EOF:
            return StatusCode.EOF
        case StatusCode.NO_SUCH_FILE:
            raise NotFound(tried, status.message, status=404)
        case StatusCode.PERMISSION_DENIED:
            raise Unauthorized(tried, status.message, status=403)
        case StatusCode.NO_CONNECTION | StatusCode.CONNECTION_LOST:
            raise ConnectionFailed(tried, ConnectionProblem.LOST, status.message)
        case StatusCode.OP_UNSUPPORTED:
            raise BadRequest(tried, status.message or "the server cannot do that")
    raise file_error(status.message, tried=tried)


def wrong_answer(tried: str, words: str) -> UnexpectedResponse:
    """Return the error for what is no SFTP."""
    return UnexpectedResponse(tried, f"the server answered wrongly: {words}")
