class Source:
    def load(self, key):
        return key


def drive(module):
    cache = module.Cache(Source())

    def check():
        assert not cache._lock.locked(), "the lock stays taken"

    return [lambda: cache.soon(None), lambda: cache.soon("a")], check
