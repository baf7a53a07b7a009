def drive(module):
    counter = module.Counter()

    def work():
        counter.report(1)
        counter.correct(1)

    def check():
        assert counter._seen == 0, f"{counter._seen} are left over"

    return [work, work, work], check
