"""Measure every page of the built book with Lighthouse: mobile preset, on a compressing server.

Usage: python tools/lighthouse.py [page ...] [--runs 3] [--book _build/site]

`make lighthouse` measures all pages, the median of three runs each (needs Chromium; not a
part of `make test`: forty minutes on a quiet machine of two cores). A page is named as in _toc.yml:
`python tools/lighthouse.py intro appendix/ledger --runs 1`. Performance is worth believing where
nothing else runs; the other three do not depend on that. Lighthouse is installed once, pinned, into
_build/lighthouse, and the reports are left there.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import npm

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "site"
TOOL = ROOT / "_build" / "lighthouse"
LIGHTHOUSE = "lighthouse@12.8.2"  # the last line of releases that runs on Node 18 and 20
NO_PAGES = {"index.html", "404.html"}  # the one leads on, the other is shown for what is not there
NEEDED = {"performance": 0.90, "accessibility": 1.0, "best-practices": 1.0, "seo": 1.0}
TIMES = (
    *("first-contentful-paint", "largest-contentful-paint", "speed-index"),
    *("total-blocking-time", "cumulative-layout-shift", "total-byte-weight"),
)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="as in _toc.yml; none: every page of the book")
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts (3)")
    parser.add_argument("--book", type=Path, default=HTML, help="folder with the built book")
    asked = parser.parse_args()
    if asked.runs < 1:
        sys.exit(f"--runs must be 1 or more, got {asked.runs}")
    root = asked.book.resolve()
    chrome = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chrome:
        sys.exit("Lighthouse needs Chromium: `apt-get install chromium`, or set CHROME_PATH")
    pages = [f"{page.removesuffix('.html')}.html" for page in asked.pages] or all_pages(root)
    missing = [name for name in (".complete", *pages) if not (root / name).is_file()]
    if missing:
        sys.exit(f"{root} holds no finished book ({', '.join(missing)} missing): run `make book`")
    command = [npm.NODE, str(npm.install(LIGHTHOUSE, TOOL, "cli/index.js"))]
    with serve(root) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        scores = {page: judge(page, asked.runs, address, command, chrome) for page in pages}
        server.shutdown()
    sys.exit(conclude(scores))


def all_pages(root):
    """Return the pages of the book in a built site, in any language, without JupyterLite's."""
    found = (path.relative_to(root) for path in root.rglob("*.html"))
    ours = (path for path in found if path.parts[0] not in ("_static", "lite"))
    return sorted(path.as_posix() for path in ours if path.as_posix() not in NO_PAGES)


def conclude(scores):
    """Print a table of all pages; return 0 if every score is high enough and 1 otherwise."""
    width = max(map(len, scores))
    print(f"\n{'median of runs':<{width}}", *(f"{category:>15}" for category in NEEDED))
    low = 0
    for page, found in scores.items():
        below = {category for category in NEEDED if found[category] < NEEDED[category]}
        low += bool(below)
        marks = ((f"{score:.2f}", "*" * (name in below)) for name, score in found.items())
        print(f"{page:<{width}}", *(f"{mark + score:>15}" for score, mark in marks))
    needed = ", ".join(f"{category} {score:.2f}" for category, score in NEEDED.items())
    print(f"{len(scores)} pages, {low} of them with a score (*) below what is needed: {needed}")
    return int(low > 0)


def judge(page, runs, address, command, chrome):
    """Measure one page, print what was found, and return the median of each score."""
    reports = []
    for run in range(runs):
        reports.append(measure(f"{address}/{page}", page, run, command, chrome))
        print(f"{page}, run {run + 1} of {runs} done", flush=True)
    medians = {}
    for category, needed in NEEDED.items():
        scores = [report["categories"][category]["score"] or 0 for report in reports]
        median = medians[category] = statistics.median(scores)
        word = "ok" if median >= needed else f"BELOW {needed:g}"
        print(f"  {category:<15} {median:4.2f}  {word:<11} {scores}")
    for name in TIMES:
        values = [report["audits"][name]["numericValue"] for report in reports]
        print(f"  {name:<26} {statistics.median(values):10.3f}")
    for audit in failing(reports[-1]):
        describe(audit)
    return medians


def measure(url, page, run, command, chrome):
    """Run Lighthouse once and return its report."""
    out = TOOL / f"{page.replace('/', '-').removesuffix('.html')}-{run + 1}.json"
    out.unlink(missing_ok=True)
    options = ["--quiet", "--output=json", f"--output-path={out}", f"--chrome-flags={FLAGS}"]
    options += ["--no-enable-error-reporting", f"--only-categories={','.join(NEEDED)}"]
    done = subprocess.run(
        [*command, url, *options],
        env=os.environ | {"CHROME_PATH": chrome},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if not out.is_file():
        sys.exit(f"Lighthouse failed on {page}:\n{done.stderr[-2000:]}")
    report = json.loads(out.read_text(encoding="utf-8"))
    if "runtimeError" in report:
        sys.exit(f"Lighthouse failed on {page}: {report['runtimeError']['message']}")
    return report


def failing(report):
    """Yield the audits that cost points, or that Lighthouse would have better."""
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9:
            yield audit


def describe(audit, rows=6):
    print(f"  - {audit['id']} ({audit['score']:.2f}): {audit['title']}", end=" ")
    print(audit.get("displayValue", ""))
    details = audit.get("details") or {}
    items = details.get("items", [])
    for item in items[:rows] if isinstance(items, list) else []:
        words = [part for part in map(brief, item.values()) if part]
        print("      " + " | ".join(words)[:300])


def brief(value):
    """Return the telling part of one cell of a Lighthouse table."""
    if isinstance(value, dict):
        value = value.get("selector") or value.get("url") or value.get("value") or ""
    if isinstance(value, float):
        return f"{value:.1f}"
    return str(value) if isinstance(value, str | int) else ""


@cache
def compressed(path):
    return gzip.compress(path.read_bytes(), 9, mtime=0)


class Compressing(SimpleHTTPRequestHandler):
    """Files of a folder, texts compressed, with the header that GitHub Pages sends."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".svg": "image/svg+xml",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
    }

    def send_head(self):
        path = Path(self.translate_path(self.path))
        kind = self.guess_type(str(path))
        if not path.is_file() or not kind.startswith(("text/", "image/svg", "application/js")):
            return super().send_head()
        body = compressed(path)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def end_headers(self):
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def log_message(self, *arguments):
        pass


def serve(root):
    """Serve a folder on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(root)))
    Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    main()
