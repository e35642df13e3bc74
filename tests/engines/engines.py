"""Firefox and WebKitGTK as Debian has them, driven by what they speak themselves.

Playwright drives these two engines only in builds of its own, which no package registry has.
Firefox speaks WebDriver BiDi on a socket, WebKitGTK classic WebDriver through its own program.
"""

import base64
import itertools
import json
import re
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import websocket

WAIT = 60  # seconds for one answer
MINI_BROWSER = "/usr/lib/*/webkit2gtk-4.1/MiniBrowser"
HOW = "no {} was found: install it with `apt-get install {}`"
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowRight": "\ue014", "ArrowLeft": "\ue012"}
KEYS |= {"Tab": "\ue004", "End": "\ue010", "Home": "\ue011"}


class Missing(Exception):
    """The engine, or what it needs, is not installed."""


class Engine:
    """One window of a browser: `run` evaluates an expression in its page, promises too."""

    def wait(self, expression, seconds=30):
        """Wait until an expression is true."""
        end = monotonic() + seconds
        while not self.run(f"Boolean({expression})"):
            assert monotonic() < end, f"in {seconds} s this has not become true: {expression}"
            sleep(0.05)

    def press(self, *keys):
        """Press keys, one after the other: names such as Enter, or characters."""
        strokes = [
            {"type": kind, "value": KEYS.get(key, key)}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        self.act([{"type": "key", "id": "keyboard", "actions": strokes}])

    def click(self, selector):
        """Scroll an element into view and click its middle."""
        self.point(
            selector, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        )

    def point(self, selector, *then):
        """Scroll an element into view and move the pointer to its middle."""
        x, y = self.run(
            f"""(async () => {{
              const element = document.querySelector({json.dumps(selector)});
              let before = NaN;
              while (element.getBoundingClientRect().top !== before) {{ // parts are laid out
                element.scrollIntoView({{ block: "center", behavior: "instant" }});
                before = element.getBoundingClientRect().top;
                await new Promise((done) => setTimeout(done, 100));
              }}
              const {{ left, top, width, height }} = element.getBoundingClientRect();
              return [Math.round(left + width / 2), Math.round(top + height / 2)];
            }})()"""
        )
        self.move(x, y - 60)  # from elsewhere: it may rest there since the last page
        self.move(x, y, *then)

    def move(self, x, y, *then):
        """Move the pointer to a place in the window."""
        way = {"type": "pointerMove", "x": x, "y": y, "origin": "viewport", "duration": 0}
        self.act([{"type": "pointer", "id": "mouse", "actions": [way, *then]}])

    def focus(self, selector):
        """Give an element the keyboard."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")


class Firefox(Engine):
    name = "firefox"

    def __init__(self):
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        if not program:
            raise Missing(HOW.format("Firefox", "firefox-esr"))
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        command = [program, "--headless", "--no-remote", "--profile", self.profile.name]
        self.process = subprocess.Popen(
            [*command, "--remote-debugging-port", "0"], stderr=subprocess.PIPE, encoding="utf-8"
        )
        address = next(filter(None, (re.search(r"on (ws://\S+)", s) for s in self.process.stderr)))
        self.line = websocket.create_connection(
            f"{address[1]}/session", suppress_origin=True, timeout=WAIT
        )
        self.numbers = itertools.count(1)
        self.ask("session.new", capabilities={})
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method, **parameters):
        number = next(self.numbers)
        self.line.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self.line.recv())).get("id") != number:
            pass
        assert answer["type"] == "success", answer
        return answer["result"]

    def tell(self, method, **parameters):
        return self.ask(method, context=self.context, **parameters)

    def go(self, address):
        self.tell("browsingContext.navigate", url=address, wait="complete")

    def run(self, expression):
        found = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert found["type"] == "success", found
        return json.loads(found["result"]["value"])

    def act(self, actions):
        self.tell("input.performActions", actions=actions)

    def back(self):
        self.tell("browsingContext.traverseHistory", delta=-1)

    def forward(self):
        self.tell("browsingContext.traverseHistory", delta=1)

    def resize(self, width, height):
        self.tell("browsingContext.setViewport", viewport={"width": width, "height": height})

    def pdf(self):
        return base64.b64decode(self.tell("browsingContext.print")["data"])

    def close(self):
        self.line.close()
        self.process.terminate()
        self.process.wait()
        self.profile.cleanup()


class WebKit(Engine):
    name = "webkit"

    def __init__(self):
        window = next(Path("/").glob(MINI_BROWSER[1:]), None)
        driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
        if not (window and driver and screen):
            raise Missing(HOW.format("WebKitGTK with a screen", "webkit2gtk-driver xvfb"))
        self.screen = subprocess.Popen(
            [screen, "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip
        display = f":{self.screen.stdout.readline().strip()}"
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen(
            ["env", f"DISPLAY={display}", "NO_AT_BRIDGE=1", driver, f"--port={port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        options = {"binary": str(window), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.listens()
        self.session = self.ask("POST", "/session", capabilities=wanted)["sessionId"]

    def listens(self, seconds=WAIT):
        """Wait until the driver has opened its port."""
        end = monotonic() + seconds
        while True:
            try:
                return self.ask("GET", "/status")
            except urllib.error.URLError:
                assert monotonic() < end, "the driver of WebKitGTK does not answer"
                sleep(0.1)

    def ask(self, method, path, **body):
        request = urllib.request.Request(
            f"{self.address}{path}", method=method,
            data=json.dumps(body).encode() if method == "POST" else None,
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=WAIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from None

    def tell(self, command, **body):
        return self.ask("POST", f"/session/{self.session}/{command}", **body)

    def go(self, address):
        self.tell("url", url=address)

    def run(self, expression):
        found = self.tell(
            "execute/async",
            script=f"""const done = arguments[0];
              (async () => JSON.stringify((await ({expression})) ?? null))().then(
                (value) => done({{ value }}), (error) => done({{ error: String(error) }}));""",
            args=[],
        )
        assert "error" not in found, found
        return json.loads(found["value"])

    def act(self, actions):
        self.tell("actions", actions=actions)

    def back(self):
        self.tell("back")

    def forward(self):
        self.tell("forward")

    def resize(self, width, height):
        """The window has a bar of its own above the page."""
        self.tell("window/rect", width=width, height=height)
        bar = height - self.run("innerHeight")
        self.tell("window/rect", width=width, height=height + bar)

    def pdf(self):
        return base64.b64decode(self.tell("print"))

    def close(self):
        self.ask("DELETE", f"/session/{self.session}")
        for process in (self.driver, self.screen):
            process.terminate()
            process.wait()


def free_port():
    """Return the number of a port that nobody uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


ENGINES = {engine.name: engine for engine in (Firefox, WebKit)}
