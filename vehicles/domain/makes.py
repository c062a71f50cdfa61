"""How a make is written for people. Smartcar tells it in capitals, and some makes are nothing but those."""


def said(make: str) -> str:
    """“FORD” is Ford and “GMC” stays as it is; what came in small letters too is left alone."""
    return make.title() if make.isupper() and len(make) > 3 else make
