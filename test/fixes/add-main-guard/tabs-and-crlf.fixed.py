from multiprocessing import Process


def work():
	print("working")


if __name__ == "__main__":
	process = Process(target=work)
	process.start()

	# Wait for it.
	process.join(  
		timeout=5,
	)  # done
