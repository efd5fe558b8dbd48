import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.model.refs import InstanceRef, OperationRef, quote_segment


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/1.0/instances/web1", ("default", "web1")),
        ("/1.0/instances/web1?project=staging", ("staging", "web1")),
        ("/1.0/containers/web1", ("default", "web1")),
        ("/1.0/virtual-machines/vm", ("default", "vm")),
        ("/1.0/instances/web1/snapshots/s0", ("default", "web1")),
        ("/1.0/instances/web1/backups/b0?project=p", ("p", "web1")),
        ("/1.0/instances/a%2Fb", ("default", "a/b")),
        ("https://host:8443/1.0/instances/web1", ("default", "web1")),
        ("/1.0/instances", None),
        ("/1.0/instances/", None),
        ("/1.0/images/abc", None),
        ("/2.0/instances/web1", None),
        ("", None),
        ("//[", None),
    ],
)
def test_instance_is_found_at_or_above_a_url(url: str, expected: tuple[str, str] | None) -> None:
    found = InstanceRef.from_url(url, remote="r", project="default")
    assert found == (InstanceRef("r", *expected) if expected else None)


@given(st.text(min_size=1), st.text(min_size=1))
def test_path_of_any_name_leads_back_to_it(name: str, project: str) -> None:
    ref = InstanceRef("r", project, name)
    assert InstanceRef.from_url(ref.path, remote="r", project=project) == ref


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_no_url_is_too_strange(url: str) -> None:
    InstanceRef.from_url(url, remote="r", project="p")


@given(st.text(alphabet=st.characters(exclude_categories=())) | st.sampled_from([".", ".."]))
def test_a_segment_never_leaves_its_place(text: str) -> None:
    quoted = quote_segment(text)
    assert quoted.isascii()
    assert quoted not in (".", "..")
    assert not set(quoted) & set("/?#&= ")


def test_operations_are_known_by_id_alone() -> None:
    assert OperationRef("r", "a/b").path == "/1.0/operations/a%2Fb"
