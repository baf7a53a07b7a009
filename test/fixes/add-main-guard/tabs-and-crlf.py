from multiprocessing import Process


def work():
	print("working")


process = Process(target=work)
process.start()

# Wait for it.
process.join(  
	timeout=5,
)  # done
