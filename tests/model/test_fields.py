from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.errors import UnexpectedResponse
from lxdtui.model.fields import Fields, parse_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T08:23:49Z", datetime(2026, 11, 23, 8, 23, 49, tzinfo=UTC)),
        ("2026-11-23T08:23:49.5Z", datetime(2026, 11, 23, 8, 23, 49, 500000, tzinfo=UTC)),
        ("2026-11-23T08:23:49.016244421Z", datetime(2026, 11, 23, 8, 23, 49, 16244, tzinfo=UTC)),
        ("2026-11-23T08:23:49.64173674Z", datetime(2026, 11, 23, 8, 23, 49, 641736, tzinfo=UTC)),
        (
            "2026-11-23T10:23:49+02:00",
            datetime(2026, 11, 23, 10, 23, 49, tzinfo=timezone(timedelta(hours=2))),
        ),
        ("2026-11-23T08:23:49", datetime(2026, 11, 23, 8, 23, 49, tzinfo=UTC)),
        ("1970-01-01T00:00:01Z", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("1970-01-01T01:00:00+01:00", None),
        ("", None),
        ("yesterday", None),
        ("2026-13-45T99:99:99Z", None),
    ],
)
def test_time_is_parsed_with_its_zone_or_is_never(text: str, expected: datetime | None) -> None:
    assert parse_time(text) == expected


@given(st.text())
def test_no_text_makes_a_time_without_a_zone(text: str) -> None:
    moment = parse_time(text)
    assert moment is None or moment.tzinfo is not None


@given(st.integers(1, 2**36), st.integers(0, 999_999))
def test_every_time_with_nanoseconds_is_read_to_the_microsecond(second: int, micro: int) -> None:
    moment = datetime.fromtimestamp(second, UTC).replace(microsecond=micro)
    assert parse_time(f"{moment:%Y-%m-%dT%H:%M:%S}.{micro:06d}789Z") == moment


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        (lambda fields: fields.text("x"), "word", [None, 1, [], {}]),
        (lambda fields: fields.integer("x"), 7, [None, "7", 7.5, True, []]),
        (lambda fields: fields.flag("x"), True, ["true", 1, {}]),
        (lambda fields: fields.time("x"), "", [5, {}]),
        (lambda fields: fields.items("x"), [1], ["text", {}, 4]),
        (lambda fields: fields.mapping("x"), {"a": 1}, [[], "text", 0]),
        (lambda fields: fields.devices("x"), {"a": {"type": "nic"}}, [{"a": "nic"}, []]),
    ],
)
def test_a_field_of_the_wrong_type_is_named_in_the_error(
    read: Callable[[Fields], object], good: object, bad: list[object]
) -> None:
    read(Fields({"x": good}, "a thing"))
    for value in bad:
        with pytest.raises(UnexpectedResponse, match="'x") as caught:
            read(Fields({"x": value}, "a thing"))
        assert caught.value.tried == "read a thing"


def test_missing_and_null_fields_are_the_default() -> None:
    for body in ({}, {"x": None}):
        fields = Fields(body, "a thing")
        assert fields.text("x", "none") == "none"
        assert fields.integer("x", -1) == -1
        assert fields.flag("x", True) is True
        assert fields.time("x") is None
        assert fields.texts("x") == ()
        assert fields.mapping("x") == {}
        assert fields.text_map("x") == {}
        assert fields.devices("x") == {}


def test_other_values_of_text_maps_become_text() -> None:
    fields = Fields({"x": {"a": "b", "n": 2}, "d": {"root": {"size": 5}}}, "a thing")
    assert fields.text_map("x") == {"a": "b", "n": "2"}
    assert fields.devices("d") == {"root": {"size": "5"}}


@pytest.mark.parametrize("body", [None, [], "text", 3, True])
def test_a_body_that_is_no_object_is_unexpected(body: object) -> None:
    with pytest.raises(UnexpectedResponse, match="expected an object"):
        Fields(body, "a thing")
