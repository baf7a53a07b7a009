class Enough(BaseException):
    """The worker has done all there is."""


def drive(module):
    done = []

    def handle(job):
        done.append(job)
        if len(done) == 2:
            raise Enough

    worker = module.Worker(handle)

    def work():
        try:
            worker.run()
        except Enough:
            pass

    return [work, lambda: worker.add("a"), lambda: worker.add("b")], lambda: None
