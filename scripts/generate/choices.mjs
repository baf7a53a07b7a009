// Choices for generate: reads glossary/choices.toml, the questions and advices of 'choose a concurrency tool'.

/** Questions and advices of the document. `page`: the readers that generate.mjs has for front matter. */
export function readChoices(file, document, { known, text, texts }, problems) {
  known(file, document, ['start', 'question', 'advice']);
  const questions = (document.question ?? []).map((question) => {
    const where = `${file}: question ${question.id}`;
    known(where, question, ['id', 'text', 'answer']);
    const answers = (question.answer ?? []).map((answer) => {
      const there = `${where}, answer ${answer.id}`;
      known(there, answer, ['id', 'label', 'detail', 'next']);
      return { id: text(there, answer, 'id'), label: text(there, answer, 'label'), detail: text(there, answer, 'detail'), next: text(there, answer, 'next') };
    });
    unique(where, answers, problems);
    if (answers.length < 2) problems.push(`${where} has fewer than two answers`);
    return { id: text(where, question, 'id'), text: text(where, question, 'text'), answers };
  });
  const advices = (document.advice ?? []).map((advice) => {
    const where = `${file}: advice ${advice.id}`;
    known(where, advice, ['id', 'title', 'reason', 'terms', 'rules', 'snippet']);
    return {
      id: text(where, advice, 'id'),
      title: text(where, advice, 'title'),
      reason: text(where, advice, 'reason').trim().replace(/\s+/g, ' '),
      terms: texts(where, advice, 'terms'),
      rules: texts(where, advice, 'rules'),
      ...(advice.snippet === undefined ? {} : { snippet: text(where, advice, 'snippet') }),
    };
  });
  unique(file, [...questions, ...advices], problems);
  const there = new Set([...questions, ...advices].map(({ id }) => id));
  for (const { id, answers } of questions) {
    for (const { next } of answers) if (!there.has(next)) problems.push(`${file}: question ${id}: next names nothing that is there: ${next}`);
  }
  const start = text(file, document, 'start');
  if (!there.has(start)) problems.push(`${file}: start names nothing that is there: ${start}`);
  return { start, questions, advices };
}

function unique(where, items, problems) {
  const seen = new Set();
  for (const { id } of items) {
    if (seen.has(id)) problems.push(`${where}: two are called ${id}`);
    seen.add(id);
  }
}
