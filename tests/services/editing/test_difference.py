import random
import time

from hypothesis import given
from hypothesis import strategies as st

from lxdtui.services.editing.difference import RowKind, difference, side_pairs
from lxdtui.services.editing.document import TextFile, decode
from lxdtui.services.editing.matching import matches
from lxdtui.services.editing.merge import merge, merge_files

TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "d", "é\r\n"])).map("".join)


def marks(old: str, new: str, context: int = 3) -> list[str]:
    signs = {
        RowKind.SAME: " ",
        RowKind.ADDED: "+",
        RowKind.REMOVED: "-",
        RowKind.SKIPPED: "~",
    }
    return [f"{signs[row.kind]}{row.text}" for row in difference(old, new, context=context).rows]


@given(old=st.lists(st.sampled_from("abcd")), new=st.lists(st.sampled_from("abcd")))
def test_what_matches_is_equal_and_in_order(old: list[str], new: list[str]) -> None:
    at, new_at = 0, 0
    for match in matches(old, new):
        assert match.old >= at
        assert match.new >= new_at
        assert old[match.old : match.old + match.size] == new[match.new : match.new + match.size]
        at, new_at = match.old + match.size, match.new + match.size
    assert (at, new_at) == (len(old), len(new))


@given(old=TEXTS, new=TEXTS)
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    shown = difference(old, new, context=1000)
    assert shown.is_empty == (old == new)
    if old == new:
        assert shown.rows == ()
        return
    for text, other in ((old, RowKind.ADDED), (new, RowKind.REMOVED)):
        rows = [row for row in shown.rows if row.kind is not other]
        assert "".join(row.text + "\n" * row.has_end for row in rows) == text
    assert shown.added == sum(row.kind is RowKind.ADDED for row in shown.rows)
    assert shown.removed == sum(row.kind is RowKind.REMOVED for row in shown.rows)
    pairs = side_pairs(shown.rows)
    assert [pair.old.old_number for pair in pairs if pair.old] == [
        row.old_number for row in shown.rows if row.kind is not RowKind.ADDED
    ]


def test_equal_lines_far_from_a_change_are_left_out() -> None:
    old = "".join(f"{number}\n" for number in range(20))
    new = old.replace("10\n", "ten\n")
    assert marks(old, new, context=1) == [
        "~9 equal lines",
        " 9",
        "-10",
        "+ten",
        " 11",
        "~8 equal lines",
    ]


def test_a_missing_last_line_end_is_a_difference() -> None:
    rows = difference("a\nb", "a\nb\n").rows
    assert [(row.kind, row.text, row.has_end) for row in rows[1:]] == [
        (RowKind.REMOVED, "b", False),
        (RowKind.ADDED, "b", True),
    ]


def test_rows_are_bounded_and_counts_are_not() -> None:
    old = "".join(f"{number}\n" for number in range(1000))
    shown = difference(old, "", rows_at_most=10)
    assert (len(shown.rows), shown.removed, shown.is_shortened) == (10, 1000, True)


def test_large_texts_without_anything_in_common_take_bounded_time() -> None:
    chance = random.Random(5)
    old = "".join(f"{chance.randrange(50)}\n" for _ in range(30_000))
    new = "".join(f"{chance.randrange(50)}\n" for _ in range(30_000))
    begin = time.process_time()
    difference(old, new)
    assert time.process_time() - begin < 5


@given(base=TEXTS, mine=TEXTS)
def test_a_change_of_one_side_is_taken_whole(base: str, mine: str) -> None:
    for text, other in ((mine, base), (base, mine), (mine, mine)):
        merged = merge(base, text, other)
        assert (merged.text, merged.conflicts) == (mine, 0)


def test_changes_at_different_places_are_put_together() -> None:
    base = "one\ntwo\nthree\nfour\nfive\n"
    mine = base.replace("one", "ONE")
    theirs = base.replace("five", "5\n6")
    assert merge(base, mine, theirs).text == "ONE\ntwo\nthree\nfour\n5\n6\n"
    assert merge(base, mine, theirs).conflicts == 0


def test_contradicting_changes_are_marked() -> None:
    merged = merge("a\nb\nc\n", "a\nmine\nc\n", "a\ntheirs\nc\n", theirs_label="on web1")
    assert merged.conflicts == 1
    assert merged.text == (
        "a\n<<<<<<< mine\nmine\n||||||| before\nb\n=======\ntheirs\n>>>>>>> on web1\nc\n"
    )


@given(base=TEXTS, mine=TEXTS, theirs=TEXTS)
def test_no_line_of_either_side_is_lost_in_a_conflict(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    lines = set(merged.text.split("\n"))
    for text, other in ((mine, theirs), (theirs, mine)):
        for line in set(text.split("\n")) - set(base.split("\n")) - set(other.split("\n")):
            assert line in lines


def test_line_ends_are_merged_line_by_line() -> None:
    base = decode(b"one\r\ntwo\r\nno end")
    mine = decode(b"ONE\r\ntwo\r\nno end")
    theirs = decode(b"one\r\ntwo\r\nno end, theirs\n")
    assert isinstance(base, TextFile)
    assert isinstance(mine, TextFile)
    assert isinstance(theirs, TextFile)
    merged, conflicts = merge_files(base, mine, theirs)
    assert conflicts == 0
    assert merged.form.encode(merged.text) == b"ONE\r\ntwo\r\nno end, theirs\n"
    marked, conflicts = merge_files(
        base, mine, TextFile.of_raw("x\r\ntwo\r\nno end", theirs.form.encoding)
    )
    assert conflicts == 1
    assert marked.form == mine.form
