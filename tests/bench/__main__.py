"""`python -m tests.bench [door] [drain] [pages]`: measure, and print ratios taken in one run."""

import sys

from tests.bench import door, drain, pages

BENCHES = {"door": door, "drain": drain, "pages": pages}

for name in sys.argv[1:] or BENCHES:
    print(f"\n{name}: {BENCHES[name].__doc__.splitlines()[0]}", flush=True)
    BENCHES[name].measure()
