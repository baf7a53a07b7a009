def drive(module):
    counter = module.Counter()

    def check():
        assert counter.number == 3, counter.number

    return [lambda: counter.add(1), lambda: counter.add(2)], check
