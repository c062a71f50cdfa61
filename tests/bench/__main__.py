"""`python -m tests.bench [name] …`: measure, and print ratios taken in one run. Without names, all of them."""

import sys

from tests.bench import assess, day, door, drain, face, fuzz, pages, poll, recheck, review, tokens, whatif

BENCHES = {
    "door": door,
    "drain": drain,
    "face": face,
    "fuzz": fuzz,
    "pages": pages,
    "tokens": tokens,
    "poll": poll,
    "day": day,
    "assess": assess,
    "review": review,
    "recheck": recheck,
    "whatif": whatif,
}

for name in sys.argv[1:] or BENCHES:
    print(f"\n{name}: {BENCHES[name].__doc__.splitlines()[0]}", flush=True)
    BENCHES[name].measure()
