"""Starts the house on one machine and keeps it running. Standard library only, so that nothing it watches can break it.

It is run as a folder (`python fleet/supervisor`), since importing the package `fleet` would load the web framework
into the one process that must stay up. Hence `__main__` names its neighbours plainly, and they do not name each other.
"""
