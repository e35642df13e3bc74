"""Measure the library against its peers and the bars it has set itself: ``make bench``.

All contenders of a work take turns, round after round; what counts is the median of the ratios
within a round, since absolute times do not travel between machines, nor from one minute to the
next.  The peers are installed into an environment of their own, _build/bench-env, and each of
them works in a warm process of its own.  The result is the page appendix/performance.md.

``python bench/run.py --quick`` does a tenth of the library's own works, without peers and
without a page.  The exit code counts the bars that were missed.
"""

import argparse
import os
import sys
from pathlib import Path

import page
from environment import PEERS, Peer, prepare
from works import BARS, works

ROOT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "works", nargs="*", help="W1 ... W5, One, N; all of them and a page if none"
    )
    parser.add_argument("--quick", action="store_true", help="a tenth, without peers")
    parser.add_argument("--rounds", type=int, help="interleaved rounds (7; 3 if quick)")
    parser.add_argument("--env", type=Path, default=ROOT / "_build/bench-env", help="of the peers")
    options = parser.parse_args()
    rounds, share = options.rounds or (3 if options.quick else 7), 10 if options.quick else 1
    chosen = {
        name: work
        for name, work in works(share).items()
        if not options.works or name in options.works
    }
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    peers = {} if options.quick else start(prepare(options.env))
    results = {}
    for name, work in chosen.items():
        results[name] = measure(work, peers, rounds, share)
        print(page.work_table(name, work, *results[name]), flush=True)
    verdicts = [judge(bar, results) for bar in BARS if bar.work in results]
    print(page.bar_table(verdicts))
    for peer in peers.values():
        peer.close()
    if peers and not options.works:
        text = page.whole(chosen, results, verdicts, peers, rounds, load)
        (ROOT / "appendix/performance.md").write_text(text, encoding="utf-8")
    return sum(verdict.reached is False for verdict in verdicts)


def start(python):
    """Return the peers' processes; one that is missing says so itself."""
    return {name: Peer(name, python) for name in PEERS}


def measure(work, peers, rounds, share):
    """Return each contender's times, one a round, and in words why others have none."""
    contenders, absent = dict(work.contenders), {}
    for name, (peer, task) in (work.peers or {}).items():
        if peer not in peers:
            continue
        if peers[peer].missing:
            absent[name] = "not installed on this machine"
            continue
        contender = peers[peer].contender(task, share)
        try:
            contender()  # what compiles, compiles now
        except RuntimeError as problem:
            absent[name] = "did not run"
            print(problem, file=sys.stderr)
        else:
            contenders[name] = contender
    times = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            times[name].append(contender())
    return times, absent


def judge(bar, results):
    """Return the verdict on one bar; without one of its contenders there is none."""
    times, _ = results[bar.work]
    if bar.above not in times or bar.below not in times:
        return page.Verdict(bar, None, None)
    ratio = page.ratio(times[bar.above], times[bar.below])
    return page.Verdict(bar, ratio, ratio >= bar.limit if bar.at_least else ratio <= bar.limit)


if __name__ == "__main__":
    sys.exit(main())
