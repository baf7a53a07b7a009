import threading


class Account:
    def __init__(self):
        self._mutex = threading.RLock()
        self._balance = 0

    def deposit(self, amount):
        with self._mutex:
            self._balance += amount

    def withdraw(self, amount):
        with self._mutex:
            if self._balance >= amount:
                self._balance -= amount
                return True
        return False


def main():
    account = Account()
    for _ in range(8):
        threading.Thread(target=account.deposit, args=(1,)).start()
        threading.Thread(target=account.withdraw, args=(1,)).start()
