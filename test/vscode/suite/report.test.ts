// The report's view: what it says of the server's states, when it asks for a report, and its tab.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { noticeOf } from '../../../client/report-notice';
import { ReportPace } from '../../../client/report-pace';
import type { StatusParameters } from '../../../server/lsp/messages';
import { activate, until } from './editor';

const READY: StatusParameters = { state: 'ready', message: 'Lockset: 2 warnings', files: 3, findings: 2, milliseconds: 5, revision: 1 };

describe('the notice above the report', () => {
  const notice = (status: Partial<StatusParameters>, folders = ['file']) => noticeOf({ ...READY, ...status }, folders);
  const actions = (status: Partial<StatusParameters>, folders?: string[]) => notice(status, folders)?.actions.map(({ action }) => action);

  it('is not there when the report says it all', () => assert.equal(notice({}), null));

  it('says how far reading is, and lets a person cancel', () => {
    const reading = notice({ state: 'analysing', message: '', reading: { done: 3, total: 9 } });
    assert.match(reading?.text ?? '', /3 of 9/);
    assert.deepEqual(reading?.progress, { done: 3, total: 9 });
    assert.deepEqual(actions({ state: 'analysing', reading: { done: 0, total: 0 } }), ['stop']);
    // One announcement for all of it.
    assert.equal(notice({ state: 'analysing', reading: { done: 4, total: 9 } })?.title, reading?.title);
  });

  it('says of how many files the report is, and how to go on', () => {
    assert.match(notice({ stopped: { done: 3, total: 9 } })?.text ?? '', /3 of 9 files/);
    assert.deepEqual(actions({ stopped: { done: 3, total: 9 } }), ['goOn']);
    assert.deepEqual(actions({ stopped: { done: 0, total: 0 } }), ['goOn']);
  });

  it('says what can be done when there is nothing to analyse, and when nothing runs', () => {
    assert.deepEqual(actions({ files: 0 }), []);
    assert.deepEqual(actions({ files: 0 }, []), ['openFolder']);
    assert.deepEqual(actions({ files: 2 }, []), ['openFolder']);
    assert.match(notice({ files: 2 }, ['vscode-vfs'])?.text ?? '', /only files that are open/);
    assert.deepEqual(actions({ state: 'off' }), ['openSettings']);
    assert.deepEqual(actions({ state: 'failed', message: 'Lockset: the analysis failed' }), ['restart', 'showLogs']);
    assert.match(notice({ state: 'failed', message: 'Lockset: the analysis failed' })?.text ?? '', /^The analysis failed\./);
  });
});

describe('the pace of the report', () => {
  /** A clock that is moved by hand, and reports that take so long. */
  function clock(cost: number) {
    let [time, asked] = [0, 0];
    const timers = new Set<{ at: number; run: () => void }>();
    const later = (run: () => void, milliseconds: number) => {
      const timer = { at: time + milliseconds, run };
      timers.add(timer);
      return { dispose: () => void timers.delete(timer) };
    };
    const ask = () => {
      asked++;
      return new Promise<void>((resolve) => later(resolve, cost));
    };
    const pass = async (milliseconds: number) => {
      for (const end = time + milliseconds; time < end; time += 10) {
        for (const timer of timers) {
          if (timer.at > time) continue;
          timers.delete(timer);
          timer.run();
        }
        // Whoever waits for a report goes on.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    return { pace: new ReportPace(ask, () => time, later), pass, asked: () => asked };
  }

  it('is one report for many changes, and one soon after the last of them', async () => {
    const { pace, pass, asked } = clock(20);
    for (let key = 0; key < 10; key++) {
      pace.want();
      await pass(20);
    }
    await pass(1000);
    assert.equal(asked(), 1);
    pace.want();
    await pass(1000);
    assert.equal(asked(), 2);
  });

  it('leaves the analysis most of the time, however long a report takes', async () => {
    const { pace, pass, asked } = clock(2000);
    for (let second = 0; second < 60; second++) {
      pace.want();
      await pass(1000);
    }
    assert.ok(asked() >= 4 && asked() <= 7, `${asked()} reports of 2 s in a minute`);
  });

  it('does not keep a person waiting who asks, and never asks twice at a time', async () => {
    const { pace, pass, asked } = clock(2000);
    pace.wantNow();
    assert.equal(asked(), 1);
    pace.wantNow();
    assert.equal(asked(), 1);
    await pass(2100);
    pace.wantNow();
    assert.equal(asked(), 2);
  });

  it('stops when nobody looks', async () => {
    const { pace, pass, asked } = clock(20);
    pace.want();
    pace.stop();
    await pass(5000);
    assert.equal(asked(), 0);
  });
});

describe('the tab of the report', () => {
  const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ input }) => input instanceof vscode.TabInputWebview);

  it('is there at once, though the server has to be started for it', async () => {
    await activate();
    const restarted = vscode.commands.executeCommand('lockset.restart');
    const began = performance.now();
    await vscode.commands.executeCommand('lockset.showReport');
    await until('a report tab', () => tabs().find(({ label }) => label === 'Concurrency Report'));
    const milliseconds = performance.now() - began;
    assert.ok(milliseconds < 1000, `it took ${milliseconds} ms`);
    await restarted;
    await vscode.window.tabGroups.close(tabs());
  });
});
