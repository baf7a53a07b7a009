// Turning a rule off in a configuration file leaves all else in it as it was.
import { describe, expect, test } from 'vitest';
import { turnRuleOff } from '../../server/lsp/rule-off';
import { LineMap } from '../../server/text/line-map';

/** The text after the edit, with the reason marked; or the line where a person has to look. */
function off(text: string, file = '/w/lockset.toml', rule = 'lost-update'): string | number {
  const result = turnRuleOff(file, text, rule);
  if ('line' in result) return result.line;
  const lines = new LineMap(text);
  const offset = ({ line, character }: { line: number; character: number }) => lines.offsetAt({ line, column: character });
  return text.slice(0, offset(result.start)) + result.snippet + text.slice(offset(result.end));
}

describe('a rule is turned off', () => {
  test.each([
    ['in a file that is to be made', '', '[rules]\nlost-update = "off"  # ${1:reason}\n'],
    ['below other settings', 'exclude = ["a"]', 'exclude = ["a"]\n\n[rules]\nlost-update = "off"  # ${1:reason}\n'],
    ['after an empty line', 'exclude = []\n\n', 'exclude = []\n\n[rules]\nlost-update = "off"  # ${1:reason}\n'],
    [
      'behind the rules that are named',
      '[rules]\n# why\na = "off" # b\n\n[[models]]\n',
      '[rules]\n# why\na = "off" # b\nlost-update = "off"  # ${1:reason}\n\n[[models]]\n',
    ],
    ['in an empty table', '[rules] # c\r\n\r\n', '[rules] # c\r\nlost-update = "off"  # ${1:reason}\r\n\r\n'],
    ['where it has another value', "[rules]\nlost-update = 'hint' # said\n", '[rules]\nlost-update = "off" # said\n'],
    ['where its name is quoted', '[ rules ]\n"lost-update"="error"', '[ rules ]\n"lost-update"="off"'],
    ['indented as the others', '[rules]\n  a = "off"\n', '[rules]\n  a = "off"\n  lost-update = "off"  # ${1:reason}\n'],
  ])('%s', (_where, before, after) => expect(off(before)).toBe(after));

  test('in pyproject.toml, between other tables', () => {
    const text = '[tool.lockset]\ninclude-tests = true\n\n[tool.ruff]\nline-length = 100\n';
    expect(off(text, '/w/pyproject.toml')).toBe(`${text}\n[tool.lockset.rules]\nlost-update = "off"  # \${1:reason}\n`);
    expect(off('[tool.lockset.rules]\na = "hint"\n[tool.ruff]\n', '/w/pyproject.toml')).toBe(
      '[tool.lockset.rules]\na = "hint"\nlost-update = "off"  # ${1:reason}\n[tool.ruff]\n',
    );
  });
});

test.each([
  ['is not TOML', 'rules = [', 0],
  ['keeps its rules inline', 'rules = { a = "off" }\n', 0],
  ['has something else of that name', 'rules = 7\n', 0],
  ['keeps the rule in an unusual way', '\n[rules]\nlost-update = """\nhint"""\n', 1],
])('a person is led to the file where it %s', (_what, text, line) => expect(off(text)).toBe(line));
