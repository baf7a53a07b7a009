from multiprocessing import Manager, Process


def work(seen):
    seen["done"] = True


def launch():
    process = Process(target=work, args=(seen,))
    process.start()
    process.join()


if __name__ == '__main__':  # the program
    # Shared by all.
    manager = Manager()
    seen = manager.dict()
    # Go.
    launch()
    print(dict(seen))
