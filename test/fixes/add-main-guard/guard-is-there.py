from multiprocessing import Manager, Process
# Shared by all.
manager = Manager()
seen = manager.dict()


def work(seen):
    seen["done"] = True


def launch():
    process = Process(target=work, args=(seen,))
    process.start()
    process.join()


if __name__ == '__main__':  # the program
    # Go.
    launch()
    print(dict(seen))
