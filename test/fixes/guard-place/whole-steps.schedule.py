def drive(module):
    messages = module.Messages()
    numbers = []

    def work():
        numbers.append(messages.next())
        numbers.append(messages.next_of(2))
        numbers.append(messages.tried() - 1)

    def check():
        assert len(set(numbers)) == len(numbers), f"a number came twice: {sorted(numbers)}"

    return [work, work], check
