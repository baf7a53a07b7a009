// Choosing a concurrency tool over the protocol.
import { describe, expect, test } from 'vitest';
import { sessions } from './support/session';

const { start } = sessions();

describe('choosing a tool', () => {
  test('goes from question to advice', async () => {
    const client = await start();
    const choose = (parameters: object) => client.connection.sendRequest('lockset/choose', parameters);
    expect(await choose({ answers: [] })).toMatchObject({ kind: 'question', question: { text: 'Which language?' } });
    expect(await choose({ language: 'python', answers: ['program'] })).toMatchObject({
      kind: 'advice',
      cardId: 'advice:python:subprocess',
      snippet: { language: 'python', body: expect.stringContaining('${2:30}') },
    });
  });

  test('answers null to answers that are none, whatever they are', async () => {
    const client = await start();
    for (const parameters of [{ answers: ['nonsense'] }, { language: 'python', answers: [{}] }]) {
      expect(await client.connection.sendRequest('lockset/choose', parameters)).toBeNull();
    }
    for (const parameters of [{}, { language: 'rust', answers: 7 }]) {
      expect(await client.connection.sendRequest('lockset/choose', parameters)).toMatchObject({ kind: 'question' });
    }
  });
});
