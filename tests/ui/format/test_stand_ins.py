import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lxdtui.ui.format.stand_ins import StandIns
from lxdtui.ui.format.text import cell_width, safe_text

TEXTS = st.text(
    st.characters()
    | st.sampled_from("\x1b\0\x85\u202e\u200d\ufe0f\u0301\U00100000\U0010fffd\udcff🏽🇩\t\n")
)


@given(texts=st.lists(TEXTS, max_size=4))
def test_what_comes_out_is_what_went_in(texts: list[str]) -> None:
    stand_ins = StandIns()
    shown = [stand_ins.shown(text) for text in texts]
    assert [stand_ins.real(text) for text in shown] == texts
    for text, one in zip(texts, shown, strict=True):
        assert len(one) == len(text)
        assert [c for c in text if c in "\n\t"] == [c for c in one if c in "\n\t"]


@given(text=TEXTS.filter(lambda text: not set(text) & set("\n\t")))
def test_what_is_drawn_is_harmless_and_as_wide_as_the_editor_thinks(text: str) -> None:
    stand_ins = StandIns()
    shown = stand_ins.shown(text)
    drawn = stand_ins.drawn(shown)
    assert len(drawn) == len(shown)
    assert cell_width(drawn) == cell_width(shown)
    assert safe_text(drawn) == unicodedata.normalize("NFC", drawn)


def test_controls_show_as_their_pictures() -> None:
    stand_ins = StandIns()
    shown = stand_ins.shown("a\x1b[31mb\rc\u202ed")
    assert stand_ins.drawn(shown) == "a␛[31mb␍c\N{REPLACEMENT CHARACTER}d"
    assert list(stand_ins.places(shown)) == [1, 7, 9]
    assert cell_len(shown) == 11
