def drive(module):
    for names in (["a", "11", "abcd", "", "z"], ["b", None, "abc"], ["ff"], ["zz"]):
        try:
            print(list(module.Loader().rows(names)))
        except ValueError as error:
            print(error)
    print(module.load("12"), module.table, module.lock.locked())
    try:
        module.load("[")
    except ValueError as error:
        print(error)
    rows = module.Loader().rows(["a", "b"])
    print(next(rows))
    rows.close()
