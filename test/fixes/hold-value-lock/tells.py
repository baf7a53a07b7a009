from multiprocessing import Process, Value

numbers = Value("i", 0)


def draw(numbers):
    numbers.value += 1
    if numbers.value > 999:
        numbers.value = 1
    # This is mine.
    return numbers.value


def main():
    jobs = [Process(target=draw, args=(numbers,)) for _ in range(4)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()


if __name__ == "__main__":
    main()
