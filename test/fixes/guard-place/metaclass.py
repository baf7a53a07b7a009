"""A constructor that asks for another such object would wait for its own lock."""
import threading


class Singleton(type):
    _instances = {}

    def __call__(cls, *args, **kwargs):
        if cls not in cls._instances:
            cls._instances[cls] = super().__call__(*args, **kwargs)
        return cls._instances[cls]


class Settings(metaclass=Singleton):
    def __init__(self):
        self.name = "settings"


class Client(metaclass=Singleton):
    def __init__(self):
        self.settings = Settings()


def work():
    return Client().settings


def main():
    for _ in range(4):
        threading.Thread(target=work).start()
