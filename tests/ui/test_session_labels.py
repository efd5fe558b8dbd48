"""What sessions are called."""

import pytest

from lxdtui.model.refs import InstanceRef
from lxdtui.ui.state.session_labels import label_of
from lxdtui.ui.state.sessions import Session


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("", "web"),
        ("root@web: ~", "root@web: ~"),
        ("web: vim", "web: vim"),
        ("vim", "web: vim"),
        ("db-prod (web)", "web: db-prod (web)"),
        ("web-prod: ~", "web: web-prod: ~"),
        ("root@webmail", "web: root@webmail"),
    ],
)
def test_a_title_does_not_pose_as_another_instance(title: str, label: str) -> None:
    session = Session(InstanceRef("local", "default", "web"), columns=80, rows=24)
    session.emulator.feed(f"\x1b]2;{title}\x07".encode())
    assert label_of(session, names_server=False) == label
    assert label_of(session, names_server=True) == f"local:{label}"
