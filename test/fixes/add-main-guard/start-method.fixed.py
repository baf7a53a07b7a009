from multiprocessing import Pool, set_start_method


def square(number):
    return number * number


def main():
    with Pool(2) as pool:
        print(pool.map(square, range(3)))


if __name__ == "__main__":
    set_start_method("spawn")
    main()
