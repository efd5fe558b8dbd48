"""The background layer that the interface calls. Asynchronous, without Textual."""

from lxdtui.services.ending import Ending
from lxdtui.services.fleet import Fleet
from lxdtui.services.instances import InstanceService
from lxdtui.services.lifecycle.service import Known
from lxdtui.services.remote import Remote
from lxdtui.services.sessions import SessionService
from lxdtui.services.shell_session import ShellSession

__all__ = [
    "Ending",
    "Fleet",
    "InstanceService",
    "Known",
    "Remote",
    "SessionService",
    "ShellSession",
]
