// The whole analysis, rules included, on TypeScript and JavaScript that is broken, enormous or in another dialect: answers, never faults.
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../server/workspace/languages';
import type { Snapshot } from '../../server/workspace/snapshot';
import { analyse, newWorkspace } from '../support/analyse';
import { readFixtures } from '../support/fixtures';
import { generated } from '../support/generated';

/** What a rule or the analysis itself has stumbled over. */
const faultsOf = (snapshot: Snapshot) => snapshot.report().skipped.filter(({ file }) => file === '');
const fixtures = readFixtures().flatMap(({ name, files }) =>
  Object.entries(files).flatMap(([file, text]) => (languageOf(file) === 'typescript' ? [{ name, file, text }] : [])),
);

describe('broken files', () => {
  it('give no faults wherever they break off', async () => {
    const workspace = await newWorkspace();
    for (const [number, { file, text }] of fixtures.entries()) {
      const end = Math.floor((text.length * (1 + (number % 7))) / 8);
      workspace.change([{ file: `${number}/${file}`, text: text.slice(0, end) }]);
    }
    expect(faultsOf(workspace.analyse())).toEqual([]);
  }, 120_000);

  it('give no faults where lines are missing', async () => {
    const workspace = await newWorkspace();
    for (const [number, { file, text }] of fixtures.entries()) {
      const lines = text.split('\n').filter((_, line) => (line + number) % 9 !== 4);
      workspace.change([{ file: `${number}/${file}`, text: lines.join('\n') }]);
    }
    expect(faultsOf(workspace.analyse())).toEqual([]);
  }, 120_000);
});

describe('enormous files', () => {
  it('are analysed like any other', async () => {
    const text = generated(50_000);
    expect(text.split('\n').length).toBeGreaterThan(49_000);
    const workspace = await newWorkspace();
    workspace.change([{ file: 'generated.ts', text }]);
    const snapshot = workspace.analyse();
    expect(faultsOf(snapshot)).toEqual([]);
    expect(snapshot.module('generated.ts')?.problems).toEqual([]);
    // What grows with the square of the length would not be through by then.
  }, 400_000);

  it('that are minified are left out, and that is said', async () => {
    const snapshot = await analyse({ 'bundle.js': `!function(e){${'e.on("a",async()=>{await e.b();e.c=1});'.repeat(5000)}}(window);` });
    expect(snapshot.findings()).toEqual([]);
    expect(snapshot.module('bundle.js')?.problems.map(({ message }) => message)).toEqual([
      'not analysed, because its lines are so long that it must be a minified bundle',
    ]);
  });
});

describe('other dialects', () => {
  it('reads Flow as far as it goes', async () => {
    const snapshot = await analyse({
      'flow.js': `/* @flow strict */
import type { Socket } from './socket';
import typeof Store from './store';
opaque type Id: string = string;
export type State = {| +open: boolean, id: ?Id, [key: string]: mixed |};
declare export function later(ms: number): Promise<void>;
export class Feed {
  +socket: Socket;
  timer: ?IntervalID;
  start(beat: (State) => void): void {
    this.timer = setInterval(() => beat((this.state: any)), 1000);
  }
  stop(): void {
    (this.socket: Socket).close();
  }
}
export default (function feed<T: Object>(x: T, ...rest: Array<?T>): %checks { return !!x; });
`,
    });
    expect(faultsOf(snapshot)).toEqual([]);
    expect(snapshot.module('flow.js')?.problems).not.toEqual([]);
  });

  it('reads JavaScript of every age and ending', async () => {
    const files = {
      'old.js':
        'var self = this; with (a) { b(); } function F() { if (!(this instanceof F)) return new F(); } F.prototype.go = function () { var t = setInterval(function () { self.x = arguments.callee; }, 1); };',
      'new.mjs':
        "using file = open(); await using c = connect(); export { x as 'a-b' } from './y.js'; const v = a?.[0]?.b ?? (await import('./z.mjs', { with: { type: 'json' } })); class A { static { this.#p = 1; } static #p; accessor q = 2; @logged m() {} }",
      'script.cjs':
        "#!/usr/bin/env node\n'use strict'; const { a = require('b'), ...rest } = require('./c'); module.exports = async function* () { for await (const x of a) yield* rest[x]; };",
      'view.jsx': '<><A {...p} b={async () => { await c; }}>{/* nothing */}{d}</A></>;',
      'types.cts':
        "import fs = require('node:fs'); export = fs; declare module 'x' { export const y: unique symbol; } enum E { A = 1 << 2 } namespace N.M { export const z = <T,>(x: T) => x; } abstract class B<in out T> { abstract get v(): T; }",
    };
    const snapshot = await analyse(files);
    expect(faultsOf(snapshot)).toEqual([]);
    expect([...snapshot.files].sort()).toEqual(Object.keys(files).sort());
  });
});
