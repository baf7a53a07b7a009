def drive(module):
    bounded = module.Bounded(1)

    def put():
        bounded.put("a")
        bounded.put("b")

    def get():
        bounded.get()
        bounded.get()

    return [put, put, get, get], lambda: None
