"""`python -m tests.bench [door] [drain] [pages] [tokens]`: measure, and print ratios taken in one run."""

import sys

from tests.bench import door, drain, pages, tokens

BENCHES = {"door": door, "drain": drain, "pages": pages, "tokens": tokens}

for name in sys.argv[1:] or BENCHES:
    print(f"\n{name}: {BENCHES[name].__doc__.splitlines()[0]}", flush=True)
    BENCHES[name].measure()
