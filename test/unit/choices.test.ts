// Tests of choosing a concurrency tool: every way through the questions is short, ends in an advice, and says how to go on.
import { describe, expect, it } from 'vitest';
import { adviceById, choices, questionById } from '../../glossary/choices';
import { ruleById } from '../../glossary/rules';
import { type SnippetLanguage, snippetById } from '../../glossary/snippets';
import { termById } from '../../glossary/terms';
import type { Engine } from '../../server/cli/engine';
import { runCommandLine } from '../../server/cli/program';
import type { Surroundings } from '../../server/cli/surroundings';
import { createLibrary } from '../../server/lower/library';
import { findCard } from '../../server/report/cards';
import { type ChosenTool, chooseTool, findAdviceCard } from '../../server/report/choices';

/** Every way through the questions, with its answers and where it ends. */
function waysFrom(
  language: SnippetLanguage | undefined,
  answers: readonly string[] = [],
): readonly { readonly answers: readonly string[]; readonly tool: ChosenTool }[] {
  const choice = chooseTool(language, answers);
  if (!choice) throw new Error(`no way on after ${answers.join(' ')}`);
  if (choice.kind === 'advice') return [{ answers, tool: choice }];
  if (answers.length > 20) throw new Error(`the questions go round: ${answers.join(' ')}`);
  return choice.question.answers.flatMap(({ id }) => waysFrom(language, [...answers, id]));
}

const ways = waysFrom(undefined);
const toolsIn = (language: SnippetLanguage) => new Set(waysFrom(language).map(({ tool }) => tool.cardId));

describe('questions', () => {
  it('lead to an advice in at most five answers', () => {
    for (const { answers } of ways) expect(answers.length, answers.join(' ')).toBeLessThanOrEqual(5);
  });

  it('are all asked, and all advices given', () => {
    const asked = new Set<string>();
    const given = new Set<string>();
    for (const { answers } of ways) {
      answers.forEach((_, count) => {
        const choice = chooseTool(undefined, answers.slice(0, count));
        if (choice?.kind === 'question') asked.add(choice.question.id);
      });
      given.add(answers.reduce((at, answer) => questionById(at)?.answers.find(({ id }) => id === answer)?.next ?? '', choices.start));
    }
    expect([...asked].sort()).toEqual(choices.questions.map(({ id }) => id).sort());
    expect([...given].sort()).toEqual(choices.advices.map(({ id }) => id).sort());
  });

  it('know enough tools in each language', () => {
    for (const language of ['python', 'typescript', 'javascript'] as const) expect(toolsIn(language).size, language).toBeGreaterThanOrEqual(20);
  });

  it('are fewer where the language is known', () => {
    expect(waysFrom('python').map(({ answers, tool }) => ['python', ...answers, tool.cardId].join(' '))).toEqual(
      ways.filter(({ answers }) => answers[0] === 'python').map(({ answers, tool }) => [...answers, tool.cardId].join(' ')),
    );
    expect(chooseTool('javascript', [])).toEqual(chooseTool('typescript', []));
  });

  it.each(choices.questions.map((question) => [question.id, question] as const))('%s can be read at a glance', (_, { text, answers }) => {
    expect(text).toMatch(/^[A-Z].{3,60}\?$/);
    expect(answers.length).toBeLessThanOrEqual(10);
    for (const { label, detail } of answers) {
      expect(label).toMatch(/^[A-Z].{1,60}[^.]$/);
      expect(detail).toMatch(/^.{5,110}[^.]$/);
    }
  });
});

describe('advices', () => {
  it.each(choices.advices.map((advice) => [advice.id, advice] as const))('%s reasons in two to five sentences', (_, { reason }) => {
    const sentences = reason.match(/[.?!](?=\s|$)/g)?.length ?? 0;
    expect(sentences).toBeGreaterThanOrEqual(2);
    expect(sentences).toBeLessThanOrEqual(5);
    expect(reason).not.toMatch(/[\u2013\u2014\u2018\u2019\u201c\u201d]| we | I /);
  });

  it('name terms, rules and snippets that are there', () => {
    for (const { id, terms, rules, snippet } of choices.advices) {
      for (const term of terms) expect(termById(term), `${id} → ${term}`).toBeDefined();
      for (const rule of rules) expect(ruleById(rule), `${id} → ${rule}`).toBeDefined();
      if (snippet !== undefined) expect(snippetById(snippet), `${id} → ${snippet}`).toBeDefined();
    }
  });

  it('come with code in the language that was asked for', () => {
    for (const language of ['python', 'typescript', 'javascript'] as const) {
      for (const { tool } of waysFrom(language)) {
        if (adviceById(tool.cardId.split(':')[2])?.snippet !== undefined) expect(tool.snippet?.language, tool.cardId).toBe(language);
      }
    }
  });

  it('are cards', () => {
    const library = createLibrary();
    for (const { tool } of [...ways, ...waysFrom('javascript')]) {
      const card = findCard(tool.cardId, library);
      expect(card?.title).toBe(tool.title);
      expect(card?.markdown).toContain(tool.reason);
      expect(card?.markdown).toContain(tool.snippet?.code ?? '');
    }
    expect(findAdviceCard('advice:python:process-pool')?.markdown).toMatch(/```python\n[\s\S]+`conc-fan-processes`[\s\S]+\(command:lockset\.openCard\?/);
    expect(findAdviceCard('advice:python:process-pool', false)?.markdown).not.toContain('command:');
    expect(findAdviceCard('advice:rust:process-pool')).toBeUndefined();
    expect(findAdviceCard('advice:python:nothing')).toBeUndefined();
  });

  it('hold what the comparison of tools has to say', () => {
    const reasons = choices.advices.map(({ reason }) => reason).join('\n');
    for (const fact of [
      'releases the GIL',
      'pickling',
      'context switches',
      'chunksize',
      'cache line',
      'twice as fast',
      'memory for each',
      'free-threaded',
      'since Python 3.14',
    ])
      expect(reasons, fact).toContain(fact);
  });
});

describe('answers', () => {
  it('may be numbers', () => {
    expect(chooseTool(undefined, ['1', '6', '1', '1'])).toEqual(chooseTool('python', ['protect', 'threads', 'change']));
  });

  it.each([[['java']], [['python', 'compute', '0']], [['python', 'compute', '99']], [['python', 'program', 'python']], [['constructor']], [['']]])(
    '%j lead nowhere',
    (answers) => expect(chooseTool(undefined, answers)).toBeUndefined(),
  );
});

describe('on the command line', () => {
  async function lockset(...words: string[]) {
    let output = '';
    let told = '';
    const terminal = { folder: '/w', color: false, write: (text: string) => (output += text), tell: (text: string) => (told += text), progress: () => {} };
    const unused = (): Engine => {
      throw new Error('no analysis is needed');
    };
    const surroundings = { terminal, engine: unused, environment: {} } as unknown as Surroundings;
    return { status: await runCommandLine(words, surroundings), output, told };
  }

  it('a question has numbered answers and says how to go on', async () => {
    const { status, output, told } = await lockset('choose');
    expect({ status, told }).toEqual({ status: 0, told: '' });
    expect(output).toMatch(/^Which language\?\n {2}1 {2}python {6}Python\n/);
    expect(output).toContain('lockset choose NUMBER');
    expect((await lockset('choose', '--language', 'typescript', '6')).output).toContain('lockset choose --language typescript 6 NUMBER');
  });

  it('an advice has its reason, code, terms and rules', async () => {
    const { status, output } = await lockset('choose', 'python', 'protect', 'threads', '1');
    expect(status).toBe(0);
    expect(output).toMatch(/^One lock, beside what it guards\nA lock makes/);
    for (const part of ['class Statistics:\n    def __init__', 'conc-guarded', 'guarded-by', 'unguarded-shared-state']) expect(output).toContain(part);
    expect(output).not.toMatch(/\t|\$\{/);
    expect(await lockset('choose', '--language', 'javascript', 'protect', 'functions', 'across-await')).toMatchObject({
      output: expect.stringContaining('class Mutex {\n  #last = Promise'),
    });
  });

  it.each([
    [['pascal'], '"pascal" is no answer to "Which language?"; it takes 1 to 2 or python, typescript'],
    [['python', 'program', '1'], '"1" answers nothing: there is an advice before it'],
    [['--language', 'rust'], 'Allowed choices are python, typescript, javascript'],
  ])('%j is refused with a reason', async (words, reason) => {
    const { status, output, told } = await lockset('choose', ...words);
    expect({ status, output }).toEqual({ status: 2, output: '' });
    expect(told).toContain(reason);
  });
});
