// GitHub's annotations: commands that a runner reads as they are meant, whatever names and messages hold.
import { describe, expect, it } from 'vitest';
import { renderGithub } from '../../server/report/render-github';
import type { ReportedFinding } from '../../server/report/reported-finding';
import { outputOf } from './sample-output';
import { findingOf, rangeOf } from './sample-report';

interface Command {
  readonly level: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** What a runner makes of a log: it takes properties apart at commas, and decodes them and the message. */
function read(log: string): Command[] {
  return log
    .split(/\r\n|\r|\n/)
    .filter(Boolean)
    .map((line) => {
      const [, level, properties, message] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
      const pairs = properties.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), decode(pair.slice(pair.indexOf('=') + 1))]);
      return { level, properties: Object.fromEntries(pairs), message: decode(message) };
    });
}

function decode(text: string): string {
  const characters: Record<string, string> = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' };
  return text.replace(/%(?:0D|0A|3A|2C|25)/g, (code) => characters[code]);
}

const many = (count: number, severity: ReportedFinding['severity']) =>
  Array.from({ length: count }, (_, line) => findingOf({ severity, range: rangeOf(line, 0), message: `${severity} ${line}`, related: [] }));

const levelsOf = (findings: readonly ReportedFinding[]) => read(renderGithub(outputOf({ findings }))).map(({ level, message }) => `${level}: ${message}`);

describe('annotations', () => {
  it('say where, which rule, what, and where else', () => {
    expect(read(renderGithub(outputOf({ findings: [findingOf()] })))).toEqual([
      {
        level: 'warning',
        properties: { file: 'orders.py', line: '12', endLine: '12', col: '5', endColumn: '10', title: 'Lockset: lock-order-inversion' },
        message: `${findingOf().message}\nstock.py:31:9: Here Ledger._lock is taken while Stock._lock is held`,
      },
    ]);
  });

  it('have no columns where they are of several lines', () => {
    const range = { start: { line: 3, column: 7 }, end: { line: 5, column: 2 } };
    const [{ properties }] = read(renderGithub(outputOf({ findings: [findingOf({ range })] })));
    expect(properties).toEqual({ file: 'orders.py', line: '4', endLine: '6', title: 'Lockset: lock-order-inversion' });
  });

  it('end nothing by what they hold', () => {
    const [first, ...others] = read(
      renderGithub(outputOf({ findings: [findingOf({ file: '/w/a,b:c%0A=\n::d.py', message: '100% a, b::c\r\n::stop-commands::x', related: [] })] })),
    );
    expect(others).toEqual([]);
    expect(first.properties['file']).toBe('a,b:c%0A=\n::d.py');
    expect(first.message).toBe('100% a, b::c\n::stop-commands::x');
  });

  it('make nothing of control characters', () => {
    expect(renderGithub(outputOf({ findings: [findingOf({ message: '\u001b[31mred\u202e' })] }))).toContain('\\u001b[31mred\\u202e');
  });

  it('are loudest first', () => {
    const findings = (['hint', 'warning', 'information', 'error'] as const).map((severity) => findingOf({ severity, message: severity, related: [] }));
    expect(levelsOf(findings)).toEqual(['error: error', 'warning: warning', 'notice: information', 'notice: hint']);
  });

  it('are none where nothing is found', () => {
    expect(renderGithub(outputOf({ findings: [] }))).toBe('');
  });
});

describe('too many for GitHub', () => {
  it('are ten of a level, no fewer', () => {
    expect(levelsOf([...many(10, 'error'), ...many(10, 'warning'), ...many(10, 'hint')])).toHaveLength(30);
  });

  it.each([
    [12, 0, 0, 2],
    [0, 11, 3, 1],
    [11, 12, 9, 3],
    [11, 12, 10, 4],
    [0, 0, 11, 2],
  ])('%i errors, %i warnings and %i hints: %i more', (errors, warnings, hints, hidden) => {
    const levels = levelsOf([...many(errors, 'error'), ...many(warnings, 'warning'), ...many(hints, 'hint')]);
    expect(levels).toHaveLength(errors + warnings + hints + 1);
    // What a runner shows of the log.
    const shown = ['error', 'warning', 'notice'].flatMap((level) => levels.filter((line) => line.startsWith(level)).slice(0, 10));
    expect(shown.at(-1)).toBe(`notice: ${hidden} more finding${hidden === 1 ? '' : 's'} not shown as annotations; the log of this step has them all`);
    expect(errors + warnings + hints - (shown.length - 1)).toBe(hidden);
  });
});
