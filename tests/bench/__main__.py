"""`python -m tests.bench [door] [drain] [fuzz] [pages] [tokens] [poll] [day]`: measure, and print ratios taken in one run."""

import sys

from tests.bench import day, door, drain, fuzz, pages, poll, tokens

BENCHES = {"door": door, "drain": drain, "fuzz": fuzz, "pages": pages, "tokens": tokens, "poll": poll, "day": day}

for name in sys.argv[1:] or BENCHES:
    print(f"\n{name}: {BENCHES[name].__doc__.splitlines()[0]}", flush=True)
    BENCHES[name].measure()
