import pytest

from lxdtui.ui.format.instances import core_limit
from tests.ui.fake import FakeFleet


@pytest.mark.parametrize(
    ("limit", "cores"),
    [
        ("", None),
        ("4", 4),
        ("0-3", 4),
        ("0,2", 2),
        ("0-1,4-5", 4),
        ("0", None),
        ("fast", None),
        ("1-x", None),
        ("3-1", None),
        ("²", None),
    ],
)
def test_core_limit(limit: str, cores: int | None) -> None:
    instance = FakeFleet().instance("web-01", expanded_config={"limits.cpu": limit})
    assert core_limit(instance) == cores
