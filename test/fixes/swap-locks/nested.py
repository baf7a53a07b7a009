import threading

stock_lock = threading.Lock()
order_lock = threading.Lock()
stock = {}
orders = {}


def reserve(item):
    with stock_lock:
        with order_lock:
            orders[item] = stock.pop(item)


def cancel(item):
    with stock_lock:
        with order_lock:
            stock[item] = orders.pop(item)


def audit():
    with order_lock:
        with stock_lock:
            return len(orders) + len(stock)


def main():
    threads = [
        threading.Thread(target=reserve, args=("a",)),
        threading.Thread(target=cancel, args=("a",)),
        threading.Thread(target=audit),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
