"""The built book in Firefox and WebKitGTK: it runs there as it does in Chromium."""

import json
import re
import zlib

import pytest

from built_book import PAGES

CHAPTER = "chapters/02-brownian-motion"
NEXT = "chapters/03-langevin-equation"
TRAINING = "chapters/10-sgd-as-langevin"
ANSWER = 'form.answer[data-exercise="ex-walk-100"]'
SAID = f"document.querySelector('{ANSWER} .verdict').textContent"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_without_a_complaint(name, engine, server):
    engine.go(f"{server}/{name}.html")
    engine.run("new Promise((done) => setTimeout(done, 200))")
    assert engine.run("complaints") == []
    assert engine.run("document.querySelector('h1').innerText.length") > 3


def test_mathematics_is_set(engine, visit):
    visit(CHAPTER)
    engine.wait("document.querySelector('.math math')?.getBoundingClientRect().width")
    fonts = "[...document.fonts].filter((f) => /Book Math/.test(f.family)).map((f) => f.status)"
    engine.wait(f"{fonts}.join() === 'loaded'")


def show(engine, figure):
    """Scroll to a figure until it has its data: parts above it are laid out on the way."""
    engine.wait(
        f"""(() => {{
          const figure = document.querySelector('{figure}');
          figure.scrollIntoView({{ block: "center", behavior: "instant" }});
          return figure.dataset.lv === "ready";
        }})()"""
    )


def figure(kind, tag=""):
    return f".lv-{kind}[data-lv=ready] {tag}"


def test_a_slider_moves_its_picture_and_says_so(engine, visit):
    visit(TRAINING)
    show(engine, ".lv-explore")
    slider, picture = figure("explore", "input[type=range]"), figure("explore", ".lv-picture > svg")
    state = f"""[document.querySelector('{picture}').innerHTML.length,
      document.querySelector('{slider}').getAttribute("aria-valuetext")]"""
    for key in ("End", "ArrowLeft"):
        before = engine.run(state)
        engine.focus(slider)
        engine.press(key)
        engine.wait(f"JSON.stringify({state}) !== {json.dumps(json.dumps(before))}")
        after = engine.run(state)
        assert before[1] != after[1]


def test_a_live_figure_runs_and_rests(engine, visit):
    visit(TRAINING)
    show(engine, ".lv-live")
    clock = f"document.querySelector('{figure('live', '.lv-clock')}').textContent"
    begin = engine.run(clock)
    engine.click(figure("live", ".lv-play"))
    engine.wait(f"{clock} !== {json.dumps(begin)}")
    engine.click(figure("live", ".lv-play"))
    engine.wait(f"document.querySelector('{figure('live', '.lv-play')}').textContent === 'Play'")
    rest = engine.run(clock)
    assert rest != begin
    engine.run("new Promise((done) => setTimeout(done, 300))")
    assert engine.run(clock) == rest


def test_an_answer_is_judged(engine, visit):
    visit(CHAPTER)
    engine.run("dispatchEvent(new Event('scroll'))")
    engine.wait(f"!document.querySelector('{ANSWER}').hidden")
    for typed, verdict in (("0.6827", "Not yet"), ("0.7287", "Right")):
        engine.run(f"document.querySelector('{ANSWER} input').value = ''")
        engine.focus(f"{ANSWER} input")
        engine.press(*typed, "Enter")
        engine.wait(f"{SAID}.startsWith({json.dumps(verdict)})")


def test_the_switch_hides_code_and_is_remembered(engine, visit):
    visit(CHAPTER)
    engine.run("document.querySelector('fieldset.show input[value=text]').click()")
    chosen = "document.documentElement.dataset.show"
    engine.wait(f"{chosen} === 'text'")
    visit(NEXT)
    assert engine.run(chosen) == "text"
    engine.run("document.querySelector('fieldset.show input[value=code]').click()")


def test_back_and_forward(engine, visit):
    visit(CHAPTER)
    engine.run("document.querySelector('a.right-next').click()")
    engine.wait(f"location.pathname.endsWith('{NEXT}.html') && document.readyState === 'complete'")
    engine.back()
    engine.wait(
        f"location.pathname.endsWith('{CHAPTER}.html') && document.readyState === 'complete'"
    )
    assert engine.run("document.querySelectorAll('.lv-figure').length") > 2
    engine.forward()
    engine.wait(f"location.pathname.endsWith('{NEXT}.html') && document.readyState === 'complete'")


def test_a_reference_shows_its_card_and_escape_puts_it_away(engine, visit):
    visit(TRAINING)
    link = "article p a.reference[href*='#equation-']"
    engine.wait(f"document.querySelector({json.dumps(link)})")
    if engine.name == "webkit":  # the pointer of its driver rests on no link
        engine.press("Tab")
        engine.focus(link)
    else:  # the window of a headless Firefox never has the focus
        engine.point(link)
    engine.wait("document.querySelector('#preview math')")
    assert engine.run("document.querySelector('#preview .title').textContent")
    engine.press("Escape")
    engine.wait("!document.querySelector('#preview')")


def test_a_phrase_sets_a_control_and_takes_it_back(engine, visit):
    visit(TRAINING)
    engine.wait("document.querySelector('article p button[aria-pressed]')")
    show(engine, ".lv-live")
    values = "[...document.querySelector('.lv-live').querySelectorAll('output')]"
    values += ".map((o) => o.textContent).join()"
    phrase = "document.querySelector('article p button[aria-pressed]')"
    before = engine.run(values)
    engine.run(f"{phrase}.click()")
    engine.wait(f"{phrase}.getAttribute('aria-pressed') === 'true'")
    assert engine.run(values) != before
    engine.run(f"{phrase}.click()")
    engine.wait(f"{values} === {json.dumps(before)}")


def test_the_search_finds_a_section(engine, visit):
    visit("search")
    engine.focus("article input[type=search]")
    engine.press(*"turnover")
    engine.wait("document.querySelector('.found.asked[data-query=turnover] li a')")
    assert "turnover" in engine.run("document.querySelector('.found.asked li').textContent").lower()


def test_the_policy_bars_what_is_put_in(engine, server):
    engine.go(f"{server}/{CHAPTER}.html")
    engine.run(
        """document.body.insertAdjacentHTML("beforeend",
          '<img src="data:image/png;base64,x" onerror="window.broken = true">')"""
    )
    engine.run(
        """(() => { const script = document.createElement("script");
          script.textContent = "window.broken = true"; document.body.append(script); })()"""
    )
    engine.wait("complaints.some((one) => one.startsWith('barred by script-src'))")
    assert not engine.run("window.broken ?? false")


def test_it_prints_all_of_a_chapter(engine, server):
    engine.go(f"{server}/{CHAPTER}.html")
    if engine.name == "webkit":  # its driver cannot print: what stands on paper is made ready
        engine.run("dispatchEvent(new Event('beforeprint'))")
        assert engine.run("!document.querySelector('.math:not(:has(math))')")
        return
    printed = engine.pdf()
    assert printed.startswith(b"%PDF")
    assert 5 < pages(printed) < 60


def pages(pdf):
    """Count the pages, of which cairo packs the list into a stream."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    texts = [pdf, *(zlib.decompressobj().decompress(s) for s in streams if s[:1] == b"x")]
    return sum(len(re.findall(rb"/Type\s*/Page\b", text)) for text in texts)
