class Group:
    name = "group"


def drive(module):
    groups = module.Groups()

    def check():
        assert groups._members["group"] == ["x", "x"], groups._members

    return [lambda: groups.add(Group, "x"), lambda: groups.add(Group, "x")], check
