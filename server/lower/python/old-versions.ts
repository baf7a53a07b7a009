// Old versions: tests for the version of Python that come out the same on every Python that is still in use.
import type { FlatTree } from '../../syntax/python/flat-tree';

/** Branches for Pythons before this one run nowhere any more. */
const OLDEST: readonly [number, number] = [3, 6];

const VERSION =
  /^(?:\w+\.)?version_info(?<part>\[0\]|\.major|\[:\d\])?\s*(?<operator>>=?|<=?|==|!=)\s*\(?\s*(?<major>\d+)(?:\s*,\s*(?<minor>\d+))?[\s\d,]*\)?$/;
const FLAG = /^(?:\w+\.)*PY(?<major>[23])$/;

/** The arm of a branch that never runs: 0 where the condition always fails, 1 where it always holds. */
export function deadArm(tree: FlatTree, condition: number): 0 | 1 | undefined {
  // A condition that says more than a version is longer.
  if (condition < 0 || tree.end[condition] - tree.start[condition] > 60) return undefined;
  const holds = outcomeOf(tree.text.slice(tree.start[condition], tree.end[condition]).trim());
  return holds === undefined ? undefined : holds ? 1 : 0;
}

function outcomeOf(text: string): boolean | undefined {
  if (text.startsWith('not ')) {
    const inner = outcomeOf(text.slice(4).trim());
    return inner === undefined ? undefined : !inner;
  }
  const flag = FLAG.exec(text)?.groups;
  if (flag) return flag.major === '3';
  const { part, operator, major, minor = '0' } = VERSION.exec(text)?.groups ?? {};
  if (operator === undefined) return undefined;
  const version = Number(major);
  if (operator === '==' || operator === '!=') {
    // `version_info[0] == 3` holds; `version_info[:2] == (3, 4)` is about one version, which is over.
    const same = version < 3 ? false : part === '[0]' || part === '.major' ? version === 3 : undefined;
    return same === undefined ? undefined : same === (operator === '==');
  }
  if (version > OLDEST[0] || (version === OLDEST[0] && Number(minor) >= OLDEST[1])) return undefined;
  // `version_info[0] > 3` and `version_info[0] <= 3` are about a Python to come.
  if (version === 3 && (part === '[0]' || part === '.major') && (operator === '>' || operator === '<=')) return undefined;
  return operator.startsWith('>');
}
