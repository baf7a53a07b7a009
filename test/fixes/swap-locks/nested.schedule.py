def drive(module):
    module.stock["a"] = 1
    return [lambda: module.reserve("a"), module.audit], lambda: None
