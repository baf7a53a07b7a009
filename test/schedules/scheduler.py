"""Forces schedules: runs the threads of a small program one instruction at a time, in an order that a seed decides.

    python3 scheduler.py DRIVER MODULE SEEDS

The driver is a file with `drive(module)`, which gives the functions to run as threads and one that checks the outcome by
raising. Only one thread runs at any time; at each bytecode instruction of MODULE, and wherever it would wait, another may get its turn. Locks,
conditions, events, queues, joins and sleeps of `threading`, `queue` and `time` pass the turn on instead of blocking, so that
a deadlock is seen when nobody can go on. The same seed gives the same order. Prints `broken by seed N: why` for the first seed
that breaks the program, or `survived N schedules`. (The idea of enumerating schedules over a cooperative run is CHESS's.)
"""

import importlib.util
import os
import random
import sys
import threading
import time

_real_lock = threading.Lock
_real_start = threading.Thread.start
_real_join = threading.Thread.join
_real_alive = threading.Thread.is_alive

SWITCHES = 4  # turns that are taken away from a thread that could go on, at most, in one schedule
STEPS = 100_000


class Deadlock(Exception):
    """Nobody can go on."""


class Aborted(BaseException):
    """Ends a thread of a schedule that is over."""


class Started:
    """The event by which a thread tells that it has started, on a real lock: it is set before the thread is known here."""

    def __init__(self):
        self.lock = _real_lock()
        self.lock.acquire()

    def is_set(self):
        return not self.lock.locked()

    def set(self):
        self.lock.release()

    def wait(self, _timeout=None):
        with self.lock:
            return True


class Schedule:
    """Who runs. Threads that it knows run only in their turn."""

    def __init__(self, seed, path):
        self.random = random.Random(seed)
        self.path = path
        self.turns = {}  # thread identity -> the lock that it waits on for its turn
        self.waiting = {}  # thread identity -> what it waits for: a function that tells whether it is there
        self.current = None
        self.failure = None
        self.steps = 0
        # Small programs are over soon: some seeds take turns away early, others later.
        self.points = sorted(self.random.sample(range(1, 20 * 2 ** (seed % 6)), SWITCHES))
        self.over = _real_lock()

    def run(self, functions):
        self.over.acquire()
        threads = [threading.Thread(target=function, daemon=True) for function in functions]
        for thread in threads:
            self.add(thread)
        self.pass_turn(None)
        self.over.acquire()
        if self.failure:
            raise self.failure

    def add(self, thread):
        """Starts a thread that waits for its turn."""
        turn = _real_lock()
        turn.acquire()
        known = _real_lock()
        known.acquire()
        body = thread.run

        def run():
            me = threading.get_ident()
            self.turns[me] = turn
            thread.scheduled = me
            known.release()
            turn.acquire()
            try:
                if not self.failure:
                    sys.settrace(self.trace)
                    body()
            except Aborted:
                pass
            except BaseException as error:  # noqa: B902 - what breaks a thread breaks the program under test
                self.failure = self.failure or error
            finally:
                sys.settrace(None)
                del self.turns[me]
                self.pass_turn(None)

        thread.run = run
        thread._started = Started()
        _real_start(thread)
        known.acquire()

    def trace(self, frame, event, _argument):
        if frame.f_code.co_filename != self.path:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.steps += 1
            if self.points and self.steps >= self.points[0]:
                self.points.pop(0)
                self.yield_turn()
        return self.trace

    def is_known(self):
        return threading.get_ident() in self.turns

    def yield_turn(self):
        """Lets another thread go on, if one can."""
        self.wait_for(lambda: True, away=True)

    def wait_for(self, is_there, away=False):
        """Passes the turn on until something is there."""
        me = threading.get_ident()
        self.steps += 1
        if self.steps > STEPS and not self.failure:
            self.failure = Deadlock("it goes on for ever")
        if self.failure:
            raise Aborted
        if is_there() and not away:
            return
        self.waiting[me] = is_there
        self.pass_turn(me if away else None)
        self.turns[me].acquire()
        del self.waiting[me]
        if self.failure:
            raise Aborted

    def pass_turn(self, last):
        if self.failure:
            ready = list(self.turns)
        else:
            ready = [each for each in self.turns if each not in self.waiting or self.waiting[each]()]
        others = [each for each in ready if each != last] or ready
        if others:
            self.turns[self.random.choice(others)].release()
        elif self.turns:
            self.failure = self.failure or Deadlock("nobody can go on")
            self.turns[next(iter(self.turns))].release()
        elif self.over.locked():
            self.over.release()


schedule = None


def _known():
    return schedule is not None and schedule.is_known()


class Lock:
    """A lock that passes the turn on instead of blocking."""

    def __init__(self):
        self.owner = None
        self.depth = 0

    def acquire(self, blocking=True, timeout=-1):
        if self.owner is not None and not self._enters_again():
            if not blocking or (timeout is not None and timeout >= 0 and not self._comes_soon()):
                return False
            if not _known():
                raise Deadlock("the main thread would wait for a lock")
            schedule.wait_for(lambda: self.owner is None)
        self.owner = threading.get_ident()
        self.depth += 1
        return True

    def _comes_soon(self):
        if _known():
            schedule.yield_turn()
        return self.owner is None

    def _enters_again(self):
        return False

    def release(self):
        if self.owner is None:
            raise RuntimeError("release unlocked lock")
        self.depth -= 1
        if self.depth == 0:
            self.owner = None

    def locked(self):
        return self.owner is not None

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *_error):
        self.release()

    def _at_fork_reinit(self):
        self.owner, self.depth = None, 0


class RLock(Lock):
    """The same for a lock that its owner may enter again."""

    def _enters_again(self):
        return self.owner == threading.get_ident()

    def _is_owned(self):
        return self._enters_again()

    def _release_save(self):
        state = (self.owner, self.depth)
        self.owner, self.depth = None, 0
        return state

    def _acquire_restore(self, state):
        self.acquire()
        self.owner, self.depth = state


def _start(thread):
    if not _known():
        thread._started = Started()
        return _real_start(thread)
    thread.daemon = True
    schedule.add(thread)
    return None


def _join(thread, timeout=None):
    if not _known() or not hasattr(thread, "scheduled"):
        return _real_join(thread, timeout)
    if thread.scheduled == threading.get_ident():
        raise RuntimeError("cannot join current thread")
    if timeout is not None:
        schedule.yield_turn()
    else:
        schedule.wait_for(lambda: thread.scheduled not in schedule.turns)
    return None


def _alive(thread):
    return thread.scheduled in schedule.turns if schedule and hasattr(thread, "scheduled") else _real_alive(thread)


def _sleep(_seconds):
    if _known():
        schedule.yield_turn()


def patch():
    """Takes the place of what blocks. Before the program under test is imported."""
    threading.Lock = threading._allocate_lock = Lock
    threading.RLock = RLock
    threading.Thread.start = _start
    threading.Thread.join = _join
    threading.Thread.is_alive = _alive
    time.sleep = _sleep


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main(driver_path, module_path, seeds):
    global schedule
    module_path = os.path.abspath(module_path)
    driver = load(driver_path, "driver")
    patch()
    for seed in range(int(seeds)):
        functions, check = driver.drive(load(module_path, "subject"))
        schedule = Schedule(seed, module_path)
        try:
            schedule.run(functions)
            schedule = None
            check()
        except Exception as error:  # noqa: B902 - whatever it is, the program is broken
            print(f"broken by seed {seed}: {type(error).__name__}: {error}")
            return
        finally:
            schedule = None
    print(f"survived {seeds} schedules")


if __name__ == "__main__":
    main(*sys.argv[1:])
