import threading


def drive(module):
    bounded = module.Bounded(2)
    print(bounded.put("a"), bounded.put("b"), bounded.get(), bounded.get())

    got = []
    reader = threading.Thread(target=lambda: got.extend(bounded.get() for _ in range(20)))
    reader.start()
    for number in range(20):
        bounded.put(number)
    reader.join()
    print(got)

    latch = module.Latch()
    print(latch.await_done_for(0.01))
    waiter = threading.Thread(target=latch.await_done)
    waiter.start()
    latch.finish()
    waiter.join()
    latch.await_done()
    print(latch.await_done_for(0.01))
    latch._condition = threading.Condition()
    latch._condition.notify = latch._condition.notify_all = lambda *_, **__: print("told")
    latch.finish()
