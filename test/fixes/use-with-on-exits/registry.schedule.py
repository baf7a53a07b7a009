def drive(module):
    registry = module.Registry()

    def work(text):
        registry.find(text)
        registry.work(lambda: None)
        registry.parse(text)

    return [lambda: work("one"), lambda: work("2")], lambda: None
