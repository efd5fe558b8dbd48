"""Hidden values come back byte for byte, wherever their stand-ins were moved to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lxdtui.errors import TextNotUnderstood
from lxdtui.model.configuration import Configuration
from lxdtui.services.configuration import ConfigurationService, HiddenValues

to_text = ConfigurationService.to_text
from_text = ConfigurationService.from_text


def is_secret(key: str) -> bool:
    return key.startswith("secret")


CONFIG = Configuration(
    config={"secret.a": "one\n  two\n", "limits.cpu": "2", "secret.b": "x", "secret.c": "x"},
    devices={"share": {"type": "disk", "secret": "y: #z"}},
)


def test_a_text_shows_stand_ins_and_gives_the_values_back() -> None:
    hidden = HiddenValues(is_secret)
    text = to_text(hidden.cover(CONFIG))
    assert "secret.a: <hidden 1>\n" in text
    assert "limits.cpu: '2'\n" in text
    assert "one" not in text
    assert "#z" not in text
    assert hidden.count_in(text) == 4
    assert hidden.uncover(from_text(text, CONFIG)) == CONFIG
    moved = text.replace("secret.a", "user.moved").replace("limits.cpu: '2'", "limits.cpu: '3'")
    wanted = hidden.uncover(from_text(moved, CONFIG))
    assert wanted.config["user.moved"] == "one\n  two\n"
    assert wanted.config["limits.cpu"] == "3"


def test_what_is_shown_on_the_way_keeps_the_rest_of_the_text() -> None:
    hidden = HiddenValues(is_secret)
    text = to_text(hidden.cover(CONFIG)).replace("limits.cpu", "# why\n  limits.cpu")
    shown = hidden.reveal(text)
    assert "  secret.a: |\n    one\n      two\n" in shown
    assert "    secret: 'y: #z'\n" in shown
    assert "  # why\n" in shown
    assert hidden.uncover(from_text(shown, CONFIG)) == CONFIG


@pytest.mark.parametrize("broken", ["<hidden 1>x", "<hidden 9>", "<hidden 0>"])
def test_a_changed_stand_in_is_not_guessed_at(broken: str) -> None:
    hidden = HiddenValues(is_secret)
    text = to_text(hidden.cover(CONFIG)).replace("<hidden 1>", broken)
    with pytest.raises(TextNotUnderstood, match="hidden value"):
        hidden.uncover(from_text(text, CONFIG))
    assert hidden.reveal(text).count("<hidden") == 1


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["secret.1", "secret.2", "plain.1", "plain.2"]),
        st.text() | st.sampled_from(["<hidden 1>", "a <hidden 2>", "<hidden 3>\n"]),
    )
)
def test_nothing_is_lost_whatever_is_hidden(config: dict[str, str]) -> None:
    before = Configuration(config=config)
    hidden = HiddenValues(is_secret)
    try:
        text = to_text(hidden.cover(before))
        plain = from_text(text, before)
    except TextNotUnderstood:
        # Not every character can stand in YAML; that is told, hidden or not.
        return
    assert hidden.uncover(plain) == before
    assert hidden.uncover(from_text(hidden.reveal(text), before)) == before
