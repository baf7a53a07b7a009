import os
from multiprocessing import Process, Queue
def work(number, results):
    results.put(number * number)

# What is done, in order.
results = Queue()
first = Process(target=work, args=(1, results))
second = Process(target=work, args=(2, results))
first.start()
second.start()
values = [results.get(), results.get()]
first.join()
second.join()
print("""the
values""")
if os.environ.get("VERBOSE"):

    print(values)
