def drive(module):
    mailbox = module.Mailbox()
    letters = []
    return [lambda: letters.append(mailbox.collect()), lambda: mailbox.deliver("letter")], lambda: None
