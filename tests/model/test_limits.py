import pytest

from lxdtui.model.limits import cpu_limit, memory_limit, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512MiB", 512 * 1024**2),
        ("2GB", 2 * 1000**3),
        ("1kB", 1000),
        (" 64KiB ", 64 * 1024),
        ("1073741824", 1024**3),
        ("7B", 7),
        ("50%", None),
        ("", None),
        ("lots", None),
        ("-1GiB", None),
        ("9" * 40, None),
    ],
)
def test_parse_size(text: str, size: int | None) -> None:
    assert parse_size(text) == size


def test_no_limit_is_not_a_limit_of_nothing() -> None:
    assert memory_limit({}) is None
    assert memory_limit({"limits.memory": "0"}) is None
    assert memory_limit({"limits.memory": "64MiB"}) == 64 * 1024**2


@pytest.mark.parametrize(
    ("text", "cpus"),
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
        ("9" * 5000, None),
    ],
)
def test_cpu_limit(text: str, cpus: int | None) -> None:
    assert cpu_limit({"limits.cpu": text}) == cpus
