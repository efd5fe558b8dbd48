import os
import subprocess
from pathlib import Path

import pytest

from tests.lab import packages
from tests.lab.packages import Need, install


def _need(*, present: bool) -> Need:
    return Need(what="Something", packages=("something",), present=lambda: present)


def test_nothing_is_done_when_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_why_not", lambda: pytest.fail("looked further"))
    assert install((_need(present=True),)) == []


def test_what_may_not_be_installed_is_named_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert install((_need(present=False),)) == [
        "Something: not installed here, and only root may install packages"
    ]


def test_other_distributions_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(packages, "codename", lambda: "")
    assert install((_need(present=False),)) == [
        "Something: not installed here, and this is neither Debian nor Ubuntu"
    ]


def test_services_are_kept_from_starting_while_packages_are_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(packages, "_POLICY", policy)
    with packages._no_service_starts():
        assert subprocess.run([policy], check=False).returncode == 101
    assert not policy.exists()


def test_policy_of_the_machine_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("its own")
    monkeypatch.setattr(packages, "_POLICY", policy)
    with packages._no_service_starts():
        assert policy.read_text() == "its own"
    assert policy.read_text() == "its own"
