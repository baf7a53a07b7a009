import threading


class Groups:
    def __init__(self):
        self._members = {}
        self._ages = {}
        self._noted = {}

    def add(self, group, member):
        self._members.setdefault(group.name, [])
        self._members[group.name].append(member)

    def note(self, member):
        if member not in self._ages:
            # the first time
            self._ages[member] = []
        self._ages[member].append(1)

    def count(self, member):
        if (member not in self._noted):
            self._noted[member] = set()
        else:
            print("again")
        self._noted[member].add(1)


GROUPS = Groups()


def work(group):
    GROUPS.add(group, "x")
    GROUPS.note("x")
    GROUPS.count("x")


def main(groups):
    for group in groups:
        threading.Thread(target=work, args=(group,)).start()
