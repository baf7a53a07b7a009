def drive(module):
    def run():
        worker = module.Worker()
        worker.start()
        worker._jobs.put(None)

    return [run], lambda: None
