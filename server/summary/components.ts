// Strongly connected components, in dependency order: the order in which facts that rest on each other are computed.

/**
 * Groups `nodes` into components that depend on each other, each group after the groups it depends on, members sorted.
 * `inputsOf` gives what a node depends on; nodes outside `nodes` are left out. Tarjan's algorithm (1972), iterative.
 */
export function componentsOf(nodes: ReadonlySet<string>, inputsOf: (node: string) => Iterable<string>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const components: string[][] = [];
  for (const start of nodes) {
    if (order.has(start)) continue;
    const work: { node: string; inputs: Iterator<string> }[] = [];
    const open = (node: string) => {
      order.set(node, order.size);
      low.set(node, order.get(node)!);
      stack.push(node);
      onStack.add(node);
      work.push({ node, inputs: inputsOf(node)[Symbol.iterator]() });
    };
    open(start);
    while (work.length > 0) {
      const { node, inputs } = work[work.length - 1];
      const next = inputs.next();
      if (!next.done) {
        const input = next.value;
        if (!nodes.has(input)) continue;
        if (!order.has(input)) open(input);
        else if (onStack.has(input)) low.set(node, Math.min(low.get(node)!, order.get(input)!));
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(node)!));
      if (low.get(node) !== order.get(node)) continue;
      const component: string[] = [];
      for (let member = ''; member !== node; ) {
        member = stack.pop()!;
        onStack.delete(member);
        component.push(member);
      }
      components.push(component.sort());
    }
  }
  return components;
}

/** All nodes reached from `seeds` over `outputsOf`, the seeds included. */
export function closureOf(seeds: Iterable<string>, outputsOf: (node: string) => Iterable<string>): Set<string> {
  const reached = new Set(seeds);
  for (const node of reached) for (const next of outputsOf(node)) reached.add(next);
  return reached;
}
