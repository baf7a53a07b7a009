"""One client finds a node alive while another marks it dead."""


def drive(module):
    pool = module.NodePool(["only"], dead_timeout=60)
    return [pool.get_node, lambda: pool.mark_dead("only")], lambda: None
