import multiprocessing


class ParseError(Exception):
    """A file is not what it should be."""

    def __init__(self, path: str, line, column=0):
        super().__init__(f"{path}:{line}")
        self.path: str = path
        self.line = line
        self.column = column  # from 0

    def __reduce__(self):
        return type(self), (self.path, self.line, self.column)

    def where(self):
        return self.path, self.line


def parse(path):
    if not path:
        raise ParseError(path, 1)
    return path


def parse_all(paths):
    with multiprocessing.Pool() as pool:
        return pool.map(parse, paths)


class Empty(ValueError):
	def __init__(self, name):
		self.name = name
		super().__init__()

	def __reduce__(self):
		return type(self), (self.name,)


def measure(name):
    if not name:
        raise Empty(name)
    return len(name)


def measure_all(names):
    with multiprocessing.Pool() as pool:
        return pool.map(measure, names)
