"""SFTP version 3 over an upgraded HTTP connection, asynchronously.

``GET /1.0/instances/NAME/sftp`` with ``Upgrade: sftp`` turns a connection into
a raw SFTP stream, without SSH around it. No maintained library speaks that
asynchronously: asyncssh and paramiko bind theirs to an SSH channel, and
paramiko blocks. So this is a client of our own, small because the protocol is:

- :mod:`~lxdtui.api.sftp.packets` bytes to values and back, pure
- :mod:`~lxdtui.api.sftp.link` requests and replies by id, with bounds
- :mod:`~lxdtui.api.sftp.replies` results and refusals
- :mod:`~lxdtui.api.sftp.session` one method per request
- :mod:`~lxdtui.api.sftp.transfer` contents with many requests under way
- :mod:`~lxdtui.api.sftp.straight`, :mod:`~lxdtui.api.sftp.large` single large
  files in a thread with a connection of its own
- :mod:`~lxdtui.api.sftp.steps`, :mod:`~lxdtui.api.sftp.small` many small files,
  likewise
- :mod:`~lxdtui.api.sftp.sessions` one session per instance, kept for a while
"""

from lxdtui.api.sftp.session import SftpSession
from lxdtui.api.sftp.sessions import SftpSessions

__all__ = ["SftpSession", "SftpSessions"]
