"""Makers of model values for the tests, with every field at its plainest."""

from datetime import UTC, datetime, timedelta
from typing import Any

from lxdtui.model.instance import Instance
from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.model.state import Address, InstanceState, NetworkInterface

BEGIN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def a_ref(name: str = "web1", *, project: str = "default", remote: str = "local") -> InstanceRef:
    return InstanceRef(remote, project, name)


def an_instance(
    name: str = "web1",
    *,
    project: str = "default",
    remote: str = "local",
    code: int = 103,
    **fields: Any,
) -> Instance:
    ref = a_ref(name, project=project, remote=remote)
    words = {102: "Stopped", 103: "Running", 110: "Frozen", 112: "Error"}
    values = {"type": "container", "status": words.get(code, "Strange"), **fields}
    return Instance(ref=ref, status_code=code, **values)


def an_operation(
    name: str = "op1",
    *,
    remote: str = "local",
    code: int = 103,
    seconds: float | None = 0,
    instances: tuple[InstanceRef, ...] = (),
    **fields: Any,
) -> Operation:
    """An operation that last changed some seconds after :data:`BEGIN`."""
    words = {103: "Running", 105: "Pending", 200: "Success", 400: "Failure", 401: "Cancelled"}
    changed = None if seconds is None else BEGIN + timedelta(seconds=seconds)
    values = {
        "kind": "task",
        "description": "Starting instance",
        "created_at": BEGIN,
        "updated_at": changed,
        **fields,
    }
    return Operation(
        ref=OperationRef(remote, name),
        status=words.get(code, "Strange"),
        status_code=code,
        instances=instances,
        **values,
    )


def a_state(
    *,
    pid: int = 1,
    cpu_usage: int = 0,
    memory_usage: int = 0,
    received: int = 0,
    sent: int = 0,
    ipv4: tuple[str, ...] = (),
    processes: int = 1,
) -> InstanceState:
    """A running state with one interface of the given traffic and addresses."""
    addresses = tuple(
        Address(family="inet", address=address, netmask="24", scope="global") for address in ipv4
    )
    interface = NetworkInterface(
        name="eth0",
        addresses=addresses,
        hwaddr="00:16:3e:00:00:01",
        host_name="veth0",
        mtu=1500,
        state="up",
        type="broadcast",
        bytes_received=received,
        bytes_sent=sent,
    )
    return InstanceState(
        status="Running",
        status_code=103,
        pid=pid,
        processes=processes,
        cpu_usage=cpu_usage,
        memory_usage=memory_usage,
        memory_usage_peak=memory_usage,
        memory_total=0,
        swap_usage=0,
        interfaces=(interface,),
    )
