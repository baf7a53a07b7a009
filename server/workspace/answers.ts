// Answers: what the rules have said about each subject, found again by the files and functions they speak of.
import type { Finding } from '../rules/finding';
import type { Rule } from '../rules/rule';
import { type FunctionKey, fileOfKey } from '../summary/keys';

/** What one rule found about one subject; there are no answers without findings. */
export interface Answer {
  readonly rule: Rule;
  readonly subject: string;
  readonly findings: readonly Finding[];
}

export class Answers {
  private readonly answers = new Map<string, Answer>();
  private readonly byFunction = new Map<FunctionKey, Set<string>>();
  private readonly byFile = new Map<string, Set<string>>();

  /** Puts an answer in the place of the older one about the same; gives the files whose findings that may change. */
  replace(rule: Rule, subject: string, findings: readonly Finding[]): Set<string> {
    const id = `${rule.id} ${subject}`;
    const before = this.answers.get(id);
    const files = new Set<string>();
    if (before) {
      for (const key of functionsOf(before)) {
        this.byFunction.get(key)?.delete(id);
        this.byFile.get(fileOfKey(key))?.delete(id);
      }
      for (const file of primaryFiles(before)) files.add(file);
      this.answers.delete(id);
    }
    if (findings.length === 0) return files;
    const answer = { rule, subject, findings };
    this.answers.set(id, answer);
    for (const key of functionsOf(answer)) {
      enter(this.byFunction, key, id);
      enter(this.byFile, fileOfKey(key), id);
    }
    for (const file of primaryFiles(answer)) files.add(file);
    return files;
  }

  /** Answers with a site in one of the functions. */
  mentioning(functions: Iterable<FunctionKey>): Answer[] {
    const ids = new Set<string>();
    for (const key of functions) for (const id of this.byFunction.get(key) ?? []) ids.add(id);
    return [...ids].map((id) => this.answers.get(id)!);
  }

  /** Answers with a site in the file. */
  ofFile(file: string): Answer[] {
    return [...(this.byFile.get(file) ?? [])].map((id) => this.answers.get(id)!);
  }

  /** All files that findings stand in. */
  files(): Set<string> {
    return new Set([...this.answers.values()].flatMap((answer) => [...primaryFiles(answer)]));
  }
}

/** The files that an answer's findings stand in, not counting their traces. */
export function primaryFiles(answer: Answer): Set<string> {
  return new Set(answer.findings.map((finding) => fileOfKey(finding.site.function)));
}

function functionsOf(answer: Answer): Set<FunctionKey> {
  return new Set(answer.findings.flatMap((finding) => [finding.site, ...finding.related.map(({ site }) => site)].map((site) => site.function)));
}

function enter(map: Map<string, Set<string>>, key: string, id: string): void {
  const ids = map.get(key);
  if (ids) ids.add(id);
  else map.set(key, new Set([id]));
}
