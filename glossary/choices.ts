// Choices: questions that lead to an advice on which concurrency tool to take, generated from glossary/choices.toml.
import generated from './generated/choices.json';

export interface Answer {
  readonly id: string;
  readonly label: string;
  /** What belongs there, in a few words. */
  readonly detail: string;
  /** Id of the next question, or of an advice. */
  readonly next: string;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly answers: readonly Answer[];
}

/** Which tool to take. Texts are markdown from this repository, so they need no escaping. */
export interface Advice {
  readonly id: string;
  readonly title: string;
  /** Two to five sentences: why, what it costs, and what would change the advice. */
  readonly reason: string;
  /** Ids of related terms. */
  readonly terms: readonly string[];
  /** Ids of rules that find what goes wrong with it. */
  readonly rules: readonly string[];
  /** Id of the snippet that shows it. */
  readonly snippet?: string;
}

interface Choices {
  /** Id of the first question: the language. */
  readonly start: string;
  readonly questions: readonly Question[];
  readonly advices: readonly Advice[];
}

/** All questions and advices, in the order of the source. */
export const choices: Choices = generated;

const questionsById: ReadonlyMap<string, Question> = new Map(choices.questions.map((question) => [question.id, question]));
const advicesById: ReadonlyMap<string, Advice> = new Map(choices.advices.map((advice) => [advice.id, advice]));

/** The question of that id. */
export function questionById(id: string): Question | undefined {
  return questionsById.get(id);
}

/** The advice of that id. */
export function adviceById(id: string): Advice | undefined {
  return advicesById.get(id);
}
