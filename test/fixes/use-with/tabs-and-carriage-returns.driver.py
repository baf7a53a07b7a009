import os
import tempfile


def drive(module):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table")
        with open(path, "w") as file:
            file.write("{'a': 1}")
        module.Table.load(path)
        print(module.table)
        table = module.Table()
        table.tell("")
        table.tell(path)
        module.table.pop(path).close()
        table.tell(path)
        print([os.path.basename(key) for key in module.table])
        module.table.pop(path).close()
        for call in (table.tell, module.Table.load):
            try:
                call(os.path.join(folder, "gone"))
            except FileNotFoundError as error:
                print(error.strerror)
