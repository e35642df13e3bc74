"""What finishing a page gave is kept from build to build, for the same text and the same code."""

from book.web.kept import Kept


def shout(text, marks):
    calls.append(text)
    return text.upper() + "".join(marks)


calls: list[str] = []


def test_same_arguments_and_code_are_not_computed_again(tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    (code / "one.py").write_text("x = 1", encoding="utf-8")
    calls.clear()
    for _build in range(2):
        kept = Kept(tmp_path / "results", [code])
        assert kept(shout, "a", ("!",)) == "A!"
    assert kept(shout, "a", ("?",)) == "A?" and kept(shout, "b", ("!",)) == "B!"
    assert calls == ["a", "a", "b"]
    (code / "one.py").write_text("x = 2", encoding="utf-8")
    assert Kept(tmp_path / "results", [code])(shout, "a", ("!",)) == "A!"
    assert len(calls) == 4, "a result was taken though the code that makes it has changed"


def test_what_a_build_does_not_ask_for_goes(tmp_path):
    kept = Kept(tmp_path, [])
    kept(shout, "a", ())
    kept(shout, "b", ())
    again = Kept(tmp_path, [])
    again(shout, "b", ())
    (tmp_path / "shout-half.new").touch()  # of a build that was stopped
    again.forget_others()
    assert len(list(tmp_path.iterdir())) == 1
    calls.clear()
    assert Kept(tmp_path, [])(shout, "b", ()) == "B" and calls == []
