def drive(module):
    buffer = module.Buffer()

    def put():
        buffer.put("a")
        buffer.put("b")

    return [buffer.take, buffer.take, put], lambda: None
