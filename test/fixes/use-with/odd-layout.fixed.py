from threading import Condition as Signal, RLock
import threading as th

lock: th.Lock = th.Lock()


class Loader:
    gate = Signal()

    def rows(self, names):
        for name in names:
            with self.gate:
                if name is None:
                    continue
                elif not name:
                    break
                text = f"""
  {name
  }
"""
                query = "select \
one"
                total = len(text) + \
                    len(query)
                match name:
                    case "a" | "b":
                        yield int(name, 16) + total
                    case _ if (size := len(name)) > 3:
                        # commented
            # further left
                        yield size
        else:
            yield -1


def load(name):
    mutex = RLock()
    with mutex:
        from json import loads as parse

        @staticmethod
        def inner(text):
            return [parse(x) for x in text]
        result = inner.__func__(name)

        # Done.
    return result


with lock:
    table = {
    "a": int("1"),
        "b": int("2"),
    }
