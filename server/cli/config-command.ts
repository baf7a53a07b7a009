// lockset config: which configuration applies to a file, and why.
import { absolutePath, nodeFiles } from '../disk/node-files';
import { displayPath, harmless } from '../report/plain-text';
import { ConfigurationResolver } from '../workspace/configuration';
import { parentOf } from '../workspace/file-system';
import { roleOf } from '../workspace/roles';
import { configurationFile, problemText } from './run-options';
import type { Surroundings } from './surroundings';
import { CannotRun } from './terminal';

export async function showConfiguration(path: string, options: { readonly config?: string }, surroundings: Surroundings): Promise<void> {
  const { terminal } = surroundings;
  const file = absolutePath(path, terminal.folder);
  const kind = nodeFiles.kindOf(file);
  if (!kind) throw new CannotRun(`no such file or folder: ${path}`);
  const only = configurationFile(options.config, surroundings);
  const resolver = new ConfigurationResolver(nodeFiles, { only });
  const resolved = kind === 'directory' ? await resolver.configurationOfFolder(file) : await resolver.configurationFor(file);
  const show = (each: string) => harmless(displayPath(each, terminal.folder));
  const why = only
    ? 'named by --config'
    : resolved.file
      ? `the nearest above ${show(kind === 'directory' ? file : parentOf(file))}`
      : 'none found, so the defaults apply';
  const rules = Object.entries(resolved.configuration.rules).map(([rule, setting]) => `  ${harmless(rule)} = ${setting}`);
  const lines = [
    `configuration: ${resolved.file ? show(resolved.file) : 'defaults'} (${why})`,
    ...resolved.looked.map((each) => `  looked for ${show(each)}`),
    `interpreter: ${resolved.configuration.interpreter}`,
    `include-tests: ${resolved.configuration.reportExempt}`,
    rules.length > 0 ? 'rules:' : 'rules: all as they are by default',
    ...rules,
    `library models: ${resolved.models.length}`,
    ...(resolved.baseline === undefined ? [] : [`baseline: ${show(resolved.baseline)}`]),
  ];
  if (kind === 'file') {
    const role = roleOf(displayPath(file, terminal.folder));
    if (resolved.isExcluded(file)) lines.push('this file is left out by exclude');
    else if (role !== 'source' && !resolved.configuration.reportExempt)
      lines.push(`this file is ${role} code: left out unless it is named itself, or with --include-tests`);
  }
  terminal.write(`${lines.join('\n')}\n`);
  for (const problem of resolved.problems) terminal.tell(`${problemText(problem, terminal.folder)}\n`);
}
