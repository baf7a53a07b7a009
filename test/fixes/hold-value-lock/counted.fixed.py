from multiprocessing import Process, Value


class Progress:
    def __init__(self):
        self.done = Value("i", 0)

    def work(self, part):
        for item in part:
            with self.done.get_lock():
                self.done.value += 1  # one more

    def run(self, parts):
        workers = [Process(target=self.work, args=(part,)) for part in parts]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return self.done.value
