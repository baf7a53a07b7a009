import sys
import types

made = []


class Loop:
    def __init__(self, **_):
        made.append(self)


sys.modules["drivers"] = types.SimpleNamespace(Loop=Loop)


def drive(module):
    loops = module.Loops()
    found = []
    made.clear()

    def check():
        assert len(made) == 1, f"{len(made)} loops were made"
        assert len({id(module.Registry.instance())} | set(found)) == 1, "there is more than one registry"

    def work():
        loops.loop()
        found.append(id(module.Registry.instance()))

    return [work, work], check
