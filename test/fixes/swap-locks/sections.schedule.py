def drive(module):
    ledger = module.Ledger()
    names = module.Names()

    def write():
        ledger.write("a")
        names.add("a")

    def read():
        ledger.read()
        names.count()

    return [write, read], lambda: None
