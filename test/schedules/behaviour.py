"""Prints what a module does, for a comparison: python3 behaviour.py MODULE [DRIVER]

With a driver, its `drive(module)` prints; without one the module runs as a program.
"""

import importlib.util
import runpy
import sys


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    if len(sys.argv) > 2:
        load(sys.argv[2], "driver").drive(load(sys.argv[1], "subject"))
    else:
        runpy.run_path(sys.argv[1], run_name="__main__")
