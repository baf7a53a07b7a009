// Mutations: broken, spliced and outlandish texts out of sound ones, the same for the same seed.

/** A small generator of pseudo-random numbers (mulberry32), so that a seed names a run. */
export class Random {
  constructor(private state: number) {}

  /** From 0 up to, not including, `below`. */
  next(below: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.next(items.length)];
  }
}

/** Words that have broken parsers and tables before: keywords out of place, names of what every JavaScript object has, odd characters. */
const WORDS: readonly string[] = [
  ...[
    'def ',
    'class ',
    'lambda: ',
    'async ',
    'await ',
    'yield ',
    'with ',
    'try:',
    'except* E:',
    'finally:',
    'match x:\n case ',
    'global x',
    'nonlocal x',
    'del ',
    'type X = int',
    'print >>f, x',
    'exec x',
    ':=',
    '->',
  ],
  ...[
    'function ',
    '=> ',
    'export default ',
    'export * from "',
    'import(',
    'new ',
    'using x = ',
    'await using ',
    'static {',
    'get ',
    'set ',
    '#x',
    '@',
    '?.',
    '??=',
    '...',
    '`${',
    '</a>',
    '/*',
    '//',
    '/x/',
    'enum A {',
    'declare module "x" {',
    'namespace N {',
    'satisfies ',
    'as const',
    '<T>',
  ],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', '__init__', '__class__', 'self', 'this', 'super', 'arguments', 'prototype', 'then'],
  ...['(', ')', '[', ']', '{', '}', '"', "'", '"""', '`', '\\', '\n', '\r', '\r\n', '\t', '\f', '\v', ';', ',', ':', '*', '**', '@', '$', '='],
  ...['\0', '\u2028', '\u2029', '\ufeff', '\u200b', '😀', '\ud83d', '\udc00', 'ﬁ', '𝐱', 'é', '\u202e', '\u00a0'],
  ...[
    'self.x += 1',
    'self[self] = self',
    'type(self).x = 1',
    'x.constructor = x',
    'x.__proto__.y = 1',
    'for x in x: x',
    'threading.Thread(target=',
    'new Worker(__filename)',
    '.runExclusive(async () => {',
    'with a, b as c:',
  ],
];

/** One broken text out of sound ones. */
export function mutate(random: Random, texts: readonly string[]): string {
  let text = random.pick(texts);
  const rounds = 1 + random.next(4);
  for (let round = 0; round < rounds; round++) text = mutateOnce(random, text, texts);
  return text;
}

function mutateOnce(random: Random, text: string, texts: readonly string[]): string {
  const at = random.next(text.length + 1);
  const to = Math.min(text.length, at + random.next(60));
  switch (random.next(11)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3: {
      const other = random.pick(texts);
      return text.slice(0, at) + other.slice(random.next(other.length + 1));
    }
    case 4:
    case 5:
    case 6:
      return text.slice(0, at) + random.pick(WORDS) + text.slice(at);
    case 7:
      return text.slice(0, at) + randomUnits(random) + text.slice(at);
    case 8:
      return text.slice(0, to) + text.slice(at, to) + text.slice(to);
    case 9:
      return text.replaceAll('\n', random.pick(['\r\n', '\r', '\n\n', '\n\t', ' ']));
    default: {
      const lines = text.split('\n');
      const [a, b] = [random.next(lines.length), random.next(lines.length)];
      [lines[a], lines[b]] = [lines[b], lines[a]];
      return lines.join('\n');
    }
  }
}

function randomUnits(random: Random): string {
  return Array.from({ length: 1 + random.next(30) }, () => String.fromCharCode(random.next(random.pick([128, 0x500, 0x10000])))).join('');
}
