// The extension's log after the other suites ran: files are loaded in alphabetical order, and this one looks back.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { activate, fileUri, finding, open } from './editor';

describe('the log', () => {
  it('holds no errors after all of this', async () => {
    const { logFolder } = await activate();
    await open('service.py');
    await finding(fileUri('counter.py'), /./);
    const files = readdirSync(logFolder.fsPath).filter((name) => name.endsWith('.log'));
    assert.ok(files.length > 0, `no log in ${logFolder.fsPath}`);
    const lines = files.flatMap((name) => readFileSync(path.join(logFolder.fsPath, name), 'utf8').split('\n'));
    const errors = lines.filter((line) => /\[(error|critical)\]/i.test(line));
    assert.equal(errors.length, 0, `the first of them: ${errors.slice(0, 5).join('\n')}`);
  });
});
