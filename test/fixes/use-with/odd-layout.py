from threading import Condition as Signal, RLock
import threading as th

lock: th.Lock = th.Lock()


class Loader:
    gate = Signal()

    def rows(self, names):
        for name in names:
            self.gate.acquire()
            if name is None:
                self.gate.release()
                continue
            elif not name:
                self.gate.release()
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
            self.gate.release()
        else:
            yield -1


def load(name):
    mutex = RLock()
    mutex.acquire()
    from json import loads as parse

    @staticmethod
    def inner(text):
        return [parse(x) for x in text]
    result = inner.__func__(name)

    # Done.
    mutex.release()
    return result


lock.acquire()
table = {
"a": int("1"),
    "b": int("2"),
}
lock.release()