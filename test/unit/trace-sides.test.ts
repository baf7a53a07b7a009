// Which steps of a trace are of which side, told from how rules word them.
import { describe, expect, test } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver';
import { sidesOf } from '../../server/lsp/trace-sides';

/** The sides of steps, each with the line it is at, for a finding at a line; and the words of the other side's step. */
function sides(line: number, steps: readonly (readonly [number, string])[]): [string, string | undefined] {
  const at = (each: number) => ({ start: { line: each, character: 0 }, end: { line: each, character: 1 } });
  const related = steps.map(([each, message]) => ({ location: { uri: 'file:///a.py', range: at(each) }, message }));
  const finding = { range: at(line), message: 'm', severity: DiagnosticSeverity.Warning };
  const { sideOf, other } = sidesOf(finding, related);
  return [sideOf.join(''), typeof other?.message === 'string' ? other.message : undefined];
}

describe('sides', () => {
  test('of two threads', () => {
    const steps = [
      [1, 'C.a() writes x: thread A: checks'],
      [5, 'C.b() starts threads here'],
      [9, 'C.c() writes x: thread B: writes'],
    ] as const;
    expect(sides(1, steps)).toEqual(['001', steps[2][1]]);
  });

  test('of two chains that end at locks', () => {
    const steps = [
      [1, 'a() takes A here …'],
      [2, '… which waits for B'],
      [7, 'b() takes B here …'],
      [8, '… which waits for A'],
    ] as const;
    expect(sides(2, steps)).toEqual(['0011', steps[2][1]]);
  });

  test('of an access without the lock, and of those with it', () => {
    const steps = [
      [3, 'C.a() writes x, run by threads: without the lock'],
      [9, 'C.start() starts threads here'],
      [5, 'C.b() writes x: holding C._lock'],
    ] as const;
    expect(sides(3, steps)).toEqual(['001', steps[2][1]]);
  });

  test('of parent and child, and of what happens meanwhile', () => {
    expect(
      sides(4, [
        [1, 'Child: changes its own copy'],
        [4, 'Parent: reads it'],
      ]),
    ).toEqual(['01', 'Child: changes its own copy']);
    expect(
      sides(2, [
        [1, 'load(): waits here'],
        [6, 'Meanwhile: close() closes it'],
        [2, 'load(): stores it'],
      ]),
    ).toEqual(['010', 'Meanwhile: close() closes it']);
  });

  test('are one where nothing tells them apart, and where the other one is on the same line', () => {
    expect(
      sides(2, [
        [1, 'lock is taken here'],
        [2, 'When open() raises, it stays so'],
      ]),
    ).toEqual(['00', undefined]);
    expect(
      sides(2, [
        [2, 'thread A: reads'],
        [2, 'thread B: runs the same lines'],
      ]),
    ).toEqual(['01', undefined]);
  });
});
