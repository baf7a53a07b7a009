// Rule pages: what each rule finds and why, generated from glossary/rules/*.md.
import generated from './generated/rules.json';

/** One rule's page. Texts are markdown from this repository, so they need no escaping. */
export interface RulePage {
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly languages: readonly string[];
  /** Severity where nothing is configured: error, warning, information, hint or off. */
  readonly severity: string;
  /** One sentence: what goes wrong. */
  readonly summary: string;
  /** Ids of related terms. */
  readonly terms: readonly string[];
  readonly sections: readonly { readonly heading: string; readonly text: string }[];
  /** What its quick fixes do, and how much thought each needs: safe, suggestion or unsafe. */
  readonly fixes: readonly { readonly does: string; readonly safety: string }[];
}

/** All pages, by id. */
export const rules: readonly RulePage[] = generated;

const byId: ReadonlyMap<string, RulePage> = new Map(rules.map((rule) => [rule.id, rule]));

/** The page of a rule's id. */
export function ruleById(id: string): RulePage | undefined {
  return byId.get(id);
}
