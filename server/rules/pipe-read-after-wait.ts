// A program is waited for before its output is read, so that both stand still as soon as the pipe between them is full.

import type { Value } from '../model/value';
import { callOfKey } from '../summary/keys';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { first, oneRun, second } from './shared/interleavings';
import { argumentOf, type MadeObject, madeIn } from './shared/made-objects';
import { lifeOf, type ObjectLife } from './shared/object-life';

export const pipeReadAfterWait: Rule = {
  id: 'pipe-read-after-wait',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const made of madeIn(file, facts, (api) => api === 'subprocess.Popen')) {
      const pipes = (['stdout', 'stderr'] as const).filter((name) => isPipe(argumentOf(made.call, name)));
      if (pipes.length === 0) continue;
      const life = lifeOf(facts, made.fn.key, made.point);
      if (life.escapes || life.entered || life.offered || life.uses.some((use) => use.name === 'communicate')) continue;
      const finding = standsStill(made, life, pipes);
      if (finding) yield finding;
    }
  },
};

function standsStill(made: MadeObject, life: ObjectLife, pipes: readonly string[]): Finding | undefined {
  const wait = life.uses.find((use) => use.name === 'wait' && use.site.function === made.fn.key);
  if (!wait || wait.given) return undefined;
  for (const pipe of pipes) {
    const reads = life.attributes.filter((attribute) => attribute.name === pipe && !attribute.written);
    // Somebody else may be reading meanwhile.
    if (reads.some((read) => read.site.function !== made.fn.key || read.site.point < wait.site.point)) continue;
    const { id, family, severity } = pipeReadAfterWait;
    const who = callOfKey(made.fn.key);
    return {
      rule: id,
      family,
      severity,
      confidence: 0.7,
      site: wait.site,
      message: `Deadlock when the child writes much: ${who} waits for it to end before anybody reads its ${pipe}. When the pipe is full, after some 64 kilobytes, the child waits for a reader and ${who} waits for the child. Use communicate(), which reads while it waits, read first, or send the output to a file or to DEVNULL.`,
      related: [
        { site: { function: made.fn.key, point: made.point }, message: `${who} starts the child with a pipe for its ${pipe}` },
        { site: wait.site, message: `${who} waits here until the child has ended` },
        ...(reads[0] ? [{ site: reads[0].site, message: `${who} reads the pipe only here` }] : []),
      ],
      interleaving: {
        sides: [oneRun(undefined, made.fn.key), 'child process'],
        steps: [
          first({ function: made.fn.key, point: made.point }, `starts the child with a pipe for its ${pipe}`),
          first(wait.site, 'waits for the child to end'),
          second({ function: made.fn.key, point: made.point }, `writes to its ${pipe} until the pipe is full, and waits for a reader`),
        ],
        harm: 'stuck',
        outcome: 'Each waits for the other, and the pipe stays full.',
      },
      fixes: [],
    };
  }
  return undefined;
}

function isPipe(value: Value | undefined): boolean {
  if (value?.kind === 'constant') return value.value === -1;
  if (value?.kind !== 'place') return false;
  const { root, path } = value.place;
  return path.at(-1) === 'PIPE' || (path.length === 0 && 'name' in root && root.name === 'PIPE');
}
