"""One sweep at a time, and no ring lost."""

import threading

import pytest

from fleet.kit.turnstile import Turnstile


def test_goes_round_while_something_is_left():
    left = [True, True, False]
    rounds = []
    Turnstile(lambda: rounds.append(1) or left.pop(0))()
    assert len(rounds) == 3


def test_who_comes_meanwhile_does_not_wait_and_is_not_forgotten():
    rounds, inside, go_on = [], threading.Event(), threading.Event()

    def work():
        rounds.append(threading.current_thread().name)
        inside.set()
        go_on.wait(5)
        return False

    turnstile = Turnstile(work)
    first = threading.Thread(target=turnstile, name="first")
    first.start()
    assert inside.wait(5)
    turnstile()  # returns at once, though the first is still inside
    turnstile()
    assert rounds == ["first"]
    go_on.set()
    first.join(5)
    assert rounds == ["first", "first"]


def test_work_that_breaks_leaves_the_way_free():
    broken = [True]

    def work():
        if broken and broken.pop():
            raise OSError
        return False

    turnstile = Turnstile(work)
    with pytest.raises(OSError):
        turnstile()
    turnstile()
    assert not turnstile.rung.is_set() and not turnstile.busy.locked()


def test_many_threads_are_never_inside_together():
    inside, most, lock = 0, 0, threading.Lock()
    done, rung = [], 400

    def work():
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        done.append(1)
        with lock:
            inside -= 1
        return False

    turnstile = Turnstile(work)
    threads = [threading.Thread(target=lambda: [turnstile() for _ in range(rung // 8)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 1 and 1 <= len(done) <= rung and not turnstile.rung.is_set()
