def drive(module):
    tickets = module.Tickets()
    drawn = []

    def work():
        drawn.append(tickets.draw())
        drawn.append(tickets.draw())

    def check():
        assert sorted(drawn) == [1, 2, 3, 4], f"drawn: {sorted(drawn)}"

    return [work, work], check
