import multiprocessing
import threading


def work(number):
    return number


def one_after_another(count):
    # Four would do.
    for number in range(count):
        thread = threading.Thread(target=work, args=(number,))
        thread.start()
        thread.join()  # done


def of_a_list(items):
	threads = [threading.Thread(target=work, args=(item,)) for item in items]
	if threads:
		for thread in threads:
			thread.start()
			thread.join()
	return len(threads)


def kept_as_well():
    processes = []
    for number in range(multiprocessing.cpu_count()):
        process = multiprocessing.Process(
            target=work,
            args=(number,),
        )
        processes.append(process)
        process.start()
        print("started", number)
        process.join()
    return [process.exitcode for process in processes]


for host in ["a", "b", "c"]:
    thread = threading.Thread(target=work, args=(host,))
    thread.start()
    thread.join()
