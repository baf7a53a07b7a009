import queue
import threading


class Pool:
    def __init__(self, handle, report):
        self._handle = handle
        self._report = report
        self._jobs = queue.Queue()
        threading.Thread(target=self._run, daemon=True).start()

    def wait_idle(self):
        self._jobs.join()

    def _run(self):
        while True:
            job = self._jobs.get()
            if job.small:
                self._handle(job)
                self._jobs.task_done()
                self._report(job)
                continue
            self._handle(job); self._jobs.task_done()

    def _once(self):
        while (job := self._jobs.get()) is not None:
            self._handle(job)
            self._jobs.task_done()
