// The frame around the report's page: what may run in it, and what is believed of what it says.
import assert from 'node:assert/strict';
import { createNonce, framePage, shellPage } from '../../../client/page-frame';
import { parsePlace, parseReportRequest } from '../../../client/page-message';

describe('the frame of the report', () => {
  it('allows one script and the styles with the nonce, and nothing else', () => {
    const page = framePage('<!DOCTYPE html><html><head><title>t</title></head><body><script>steal()</script></body></html>', 'n0nce', 'https://host/page.js');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1];
    assert.equal(policy, "default-src 'none'; style-src 'nonce-n0nce'; script-src 'nonce-n0nce'; img-src data:; base-uri 'none'; form-action 'none'");
    assert.ok(page.indexOf('Content-Security-Policy') < page.indexOf('<title>'), 'the policy must come before what it governs');
    assert.equal(page.match(/nonce="n0nce"/g)?.length, 1);
    assert.ok(page.endsWith('<script nonce="n0nce" src="https://host/page.js"></script></body></html>'));
  });

  it('keeps text that looks like a replacement pattern', () => {
    assert.ok(framePage('<head></head><body>$& $1 $$</body>', 'n', 's').includes('$& $1 $$'));
  });

  it('governs a page without a head too', () => {
    assert.match(framePage('<p>text</p>', 'n', 's'), /^<!DOCTYPE html><head><meta http-equiv="Content-Security-Policy"/);
  });

  it('shows what is going on at once, as text, and the policy governs that too', () => {
    const page = shellPage('<img src=x onerror=steal()>', 'n0nce', 'https://host/page.js');
    assert.ok(!page.includes('<img'));
    assert.ok(page.indexOf('Content-Security-Policy') < page.indexOf('<style'));
    assert.equal(page.match(/<(?:style|script)\b/g)?.length, page.match(/<(?:style|script) nonce="n0nce"/g)?.length);
  });

  it('never uses a nonce twice', () => {
    const nonces = new Set(Array.from({ length: 100 }, createNonce));
    assert.equal(nonces.size, 100);
    for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/);
  });

  it('believes nothing but a place', () => {
    assert.deepEqual(parsePlace({ file: 'a.py', line: 3, column: 0 }), { file: 'a.py', line: 3, column: 0 });
    for (const message of [
      undefined,
      null,
      'a.py',
      {},
      { file: 1, line: 0, column: 0 },
      { file: 'a.py', line: -1, column: 0 },
      { file: 'a.py', line: 0, column: 0.5 },
      { file: 'a.py', line: '0', column: 0 },
      { file: 'a.py', line: Number.NaN, column: 0 },
    ]) {
      assert.equal(parsePlace(message), undefined, JSON.stringify(message));
    }
  });

  it('does what its buttons say, and nothing else', () => {
    assert.equal(parseReportRequest({ action: 'stop' }), 'stop');
    assert.equal(parseReportRequest({ isReady: true }), 'ready');
    for (const message of [undefined, 'stop', { action: 'workbench.action.quit' }, { action: ['stop'] }, { action: 'ready' }]) {
      assert.equal(parseReportRequest(message), undefined, JSON.stringify(message));
    }
  });
});
