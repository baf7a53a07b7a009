from multiprocessing import Pool, set_start_method

set_start_method("spawn")


def square(number):
    return number * number


def main():
    with Pool(2) as pool:
        print(pool.map(square, range(3)))


if __name__ == "__main__":
    main()
