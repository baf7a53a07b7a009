"""Two threads ask for the pool that is made on first use."""


class Producer:
    def publish(self, *_arguments, **_options):
        pass


def drive(module):
    made = []

    def connect():
        made.append(1)
        return Producer()

    app = module.App(connect, pool_limit=1)

    def check():
        assert len(made) == 1, f"{len(made)} connections where one was allowed"

    return [lambda: app.producers, lambda: app.producers], check
