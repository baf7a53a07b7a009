// Hovers: a card for a word of the field in a comment, and for an API of a library.
import assert from 'node:assert/strict';
import { activate, hover, open, positionOf, until } from './editor';

describe('hover', () => {
  before(activate);

  it('explains a term in a comment', async () => {
    const document = await open('counter.py');
    const text = await until('a card', async () => (await hover(document, positionOf(document, 'race condition'))) || undefined);
    assert.match(text, /race condition/i);
    assert.ok(text.length > 80, `too short to explain anything: ${text}`);
  });

  it('explains a library call', async () => {
    const document = await open('service.py');
    const text = await until('a card', async () => (await hover(document, positionOf(document, 'Thread(target'))) || undefined);
    assert.match(text, /threading\.Thread/);
  });

  it('explains what is known of a shared field, and leads to all of it', async () => {
    const document = await open('counter.py');
    const text = await until('a card', async () => (await hover(document, positionOf(document, 'self.total = 0'))) || undefined);
    assert.match(text, /`Counter\.total`.*no lock guards it/);
    assert.match(text, /command:lockset\.openCard\?/);
  });

  it('says nothing about ordinary code', async () => {
    const document = await open('counter.py');
    assert.equal(await hover(document, positionOf(document, 'amount):')), '');
  });
});
