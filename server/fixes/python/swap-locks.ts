// Swap locks: two with statements, one right inside the other, take their locks in the other order.
import { type Fix, inFile, replacement } from '../fix';

/** The two expressions change places. A name that `as` gives to one of them would mean the other then. */
export const swapLocks: Fix<'swap-locks'> = ({ site, second }, context) => {
  const [outer, inner] = [context.pythonAt(site), context.pythonAt(second)];
  if (!outer || !inner) return undefined;
  const { text } = outer.source;
  const isNamed = ({ end }: { readonly end: number }) => /^\s*as\b/.test(text.slice(end, end + 20));
  if (isNamed(outer.span) || isNamed(inner.span)) return undefined;
  const [first, other] = [text.slice(outer.span.start, outer.span.end), text.slice(inner.span.start, inner.span.end)];
  return {
    title: `Take ${other} before ${first}`,
    edits: inFile(outer.file, [replacement(outer.span, other), replacement(inner.span, first)]),
  };
};
