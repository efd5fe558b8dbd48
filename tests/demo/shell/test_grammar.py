import pytest

from lxdtui.demo.shell.grammar import GrammarError, parse


@pytest.mark.parametrize("text", ["", "   ", "# only words", "\n\n", ";"])
def test_nothing_to_run(text: str) -> None:
    assert parse(text) == []


def test_joiners_and_pipes() -> None:
    pipelines = parse("a && b | c || d; e")
    assert [pipeline.joiner for pipeline in pipelines] == [";", "&&", "||", ";"]
    assert [len(pipeline.commands) for pipeline in pipelines] == [1, 2, 1, 1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo 'unfinished", "matching"),
        ('echo "unfinished', "matching"),
        ("a &&", "unexpected token"),
        ("| a", "unexpected token"),
        ("echo >", "unexpected token"),
        ("sleep 1 &", "background"),
        ("echo $(id)", "substitution"),
        ("echo `id`", "substitution"),
        ("for x in 1; do true; done", "`for' is not part"),
        ("echo ${x", "bad substitution"),
        ("(true)", "substitution"),
    ],
)
def test_what_is_not_understood_is_said(text: str, words: str) -> None:
    with pytest.raises(GrammarError, match=words):
        parse(text)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_no_text_breaks_the_parser(length: int) -> None:
    pieces = ["a", " ", "'", '"', "\\", "$", "{", "}", ">", "<", "|", "&", ";", "#", "=", "2"]
    texts = [""]
    for _ in range(length):
        texts = [text + piece for text in texts for piece in pieces]
    for text in texts:
        try:
            parse(text)
        except GrammarError:
            continue
