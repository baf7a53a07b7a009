// How a finding's message is broken into lines.
import assert from 'node:assert/strict';
import { breakSentences } from '../../../client/diagnostic-display';

describe('the lines of a message', () => {
  it('begin with the first clause, which is more than a label', () => {
    assert.equal(
      breakSentences('Deadlock: a._lock and b._lock are taken in opposite orders: f() holds a._lock. Each waits for the other. Take b._lock first.'),
      'Deadlock: a._lock and b._lock are taken in opposite orders:\nf() holds a._lock.\nEach waits for the other.\nTake b._lock first.',
    );
    assert.equal(breakSentences('Unguarded write of Cache.items: put() changes it.'), 'Unguarded write of Cache.items:\nput() changes it.');
  });

  it('stay whole where there is nothing to break', () => {
    for (const message of ['One sentence.', 'Lost update: x += 1 in f()', 'See a.b. c is not a sentence']) assert.equal(breakSentences(message), message);
  });
});
