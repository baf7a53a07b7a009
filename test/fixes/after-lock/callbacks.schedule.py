def drive(module):
    topic = module.Topic()
    return [lambda: topic.describe("news"), topic.last], lambda: None
