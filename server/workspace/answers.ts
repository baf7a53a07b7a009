// Answers: what the rules have said about each subject, found again by the files and functions they speak of.
import type { Finding } from '../rules/finding';
import type { Rule } from '../rules/rule';
import { innerMap } from '../summary/grouping';
import { type FunctionKey, fileOfKey } from '../summary/keys';

/** What one rule found about one subject; there are no answers without findings. */
export interface Answer {
  readonly rule: Rule;
  readonly subject: string;
  readonly findings: readonly Finding[];
}

const NO_FILES: ReadonlySet<string> = new Set();

export class Answers {
  private readonly answers = new Map<Rule, Map<string, Answer>>();
  private readonly byFunction = new Map<FunctionKey, Set<Answer>>();
  private readonly byFile = new Map<string, Set<Answer>>();

  /** Puts an answer in the place of the older one about the same; gives the files whose findings that may change. */
  replace(rule: Rule, subject: string, findings: readonly Finding[]): ReadonlySet<string> {
    const ofRule = innerMap(this.answers, rule);
    const before = ofRule.get(subject);
    if (!before && findings.length === 0) return NO_FILES;
    const files = new Set<string>();
    if (before) {
      for (const key of functionsOf(before)) {
        this.byFunction.get(key)?.delete(before);
        this.byFile.get(fileOfKey(key))?.delete(before);
      }
      for (const file of primaryFiles(before)) files.add(file);
      ofRule.delete(subject);
    }
    if (findings.length === 0) return files;
    const answer = { rule, subject, findings };
    ofRule.set(subject, answer);
    for (const key of functionsOf(answer)) {
      enter(this.byFunction, key, answer);
      enter(this.byFile, fileOfKey(key), answer);
    }
    for (const file of primaryFiles(answer)) files.add(file);
    return files;
  }

  /** Forgets what a rule has said about subjects; gives the files whose findings that may change. */
  drop(rule: Rule, subjects: readonly string[]): ReadonlySet<string> {
    const ofRule = innerMap(this.answers, rule);
    if (ofRule.size === 0) return NO_FILES;
    const files = new Set<string>();
    for (const subject of subjects) if (ofRule.has(subject)) for (const file of this.replace(rule, subject, [])) files.add(file);
    return files;
  }

  /** Answers with a site in one of the functions. */
  mentioning(functions: Iterable<FunctionKey>): Answer[] {
    const found = new Set<Answer>();
    for (const key of functions) for (const answer of this.byFunction.get(key) ?? []) found.add(answer);
    return [...found];
  }

  /** Answers with a site in the file. */
  ofFile(file: string): Answer[] {
    return [...(this.byFile.get(file) ?? [])];
  }

  /** All files that findings stand in. */
  files(): Set<string> {
    const files = new Set<string>();
    for (const ofRule of this.answers.values()) for (const answer of ofRule.values()) for (const file of primaryFiles(answer)) files.add(file);
    return files;
  }
}

/** The files that an answer's findings stand in, not counting their traces. */
export function primaryFiles(answer: Answer): Set<string> {
  return new Set(answer.findings.map((finding) => fileOfKey(finding.site.function)));
}

function functionsOf(answer: Answer): Set<FunctionKey> {
  return new Set(
    answer.findings.flatMap(({ site, related, interleaving }) =>
      [site, ...[...related, ...(interleaving?.steps ?? [])].map((step) => step.site)].map((each) => each.function),
    ),
  );
}

function enter(map: Map<string, Set<Answer>>, key: string, answer: Answer): void {
  const answers = map.get(key);
  if (answers) answers.add(answer);
  else map.set(key, new Set([answer]));
}
