"""No lock fits: what is called calls back, lines are shared, the object is described by its fields, others use the field."""
import dataclasses
import pickle
import threading


class Events:
    def __init__(self, on_full):
        self.count = 0
        self.on_full = on_full

    def put(self):
        if self.count == 0: self.count += self.on_full()


@dataclasses.dataclass
class Tally:
    votes: int = 0

    def vote(self):
        self.votes += 1


class Slotted:
    __slots__ = ("seen",)

    def __init__(self):
        self.seen = 0

    def see(self):
        self.seen += 1


class Saved:
    def __init__(self):
        self.marks = 0

    def mark(self):
        self.marks += 1

    def save(self, file):
        pickle.dump(self, file)


class Open:
    def __init__(self):
        self.level = 0

    def raise_level(self):
        self.level += 1


def lower(level: Open):
    level.level -= 1


def main():
    events, tally, slotted, saved, level = Events(lambda: 1), Tally(), Slotted(), Saved(), Open()
    for _ in range(2):
        threading.Thread(target=events.put).start()
        threading.Thread(target=tally.vote).start()
        threading.Thread(target=slotted.see).start()
        threading.Thread(target=saved.mark).start()
        threading.Thread(target=level.raise_level).start()
        threading.Thread(target=lower, args=(level,)).start()
