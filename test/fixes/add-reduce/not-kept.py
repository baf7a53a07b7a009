# An argument is not kept, or not as it came; or another class is made from other arguments.
import multiprocessing


class RemoteFault(RuntimeError):
    def __init__(self, host, code, message):
        super().__init__(message)
        self.host = host
        self.code = code


class Refused(RuntimeError):
    def __init__(self, host, code):
        super().__init__(f"{host}: {code}")
        self.host = str(host)
        self.code = code


class Failed(RuntimeError):
    def __init__(self, host, code):
        super().__init__(f"{host}: {code}")
        self.host = host
        self.code = code


class FailedTwice(Failed):
    def __init__(self, host):
        super().__init__(host, 2)


def check(host):
    if host == "a":
        raise RemoteFault(host, 1, "refused")
    if host == "b":
        raise Refused(host, 2)
    if host == "c":
        raise Failed(host, 3)
    return host


def check_all(hosts):
    with multiprocessing.Pool() as pool:
        return pool.map(check, hosts)
