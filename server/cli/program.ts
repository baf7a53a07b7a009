// The command line: its commands and options, and what their exit status is.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { harmless } from '../report/plain-text';
import type { Severity } from '../rules/finding';
import { SEVERITIES } from '../workspace/configuration-file';
import { check } from './check-command';
import { CHECK_FORMATS } from './check-formats';
import type { CheckOptions } from './check-options';
import { type ChooseOptions, choose } from './choose-command';
import { showConfiguration } from './config-command';
import { type ExplainOptions, explain } from './explain-command';
import { writeGlossary } from './glossary-command';
import { type ReportOptions, report } from './report-command';
import { REPORT_FORMATS } from './report-formats';
import type { ExitStatus, Surroundings } from './surroundings';
import { CannotRun } from './terminal';
import { VERSION } from './version';

/** Runs one command. `words` are the arguments without program and script. Never throws. */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<ExitStatus> {
  const { terminal } = surroundings;
  let status: ExitStatus = 0;
  const program = new Command('lockset')
    .description('Finds concurrency bugs in Python and TypeScript/JavaScript, and shows what runs where and which lock guards what.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => terminal.tell(text),
      outputError: (text, write) =>
        write(
          `lockset: ${text
            .replace(/^error: /, '')
            .trim()
            .replace(/\s*\n\s*/g, ' ')} (--help lists commands and options)\n`,
        ),
    })
    .exitOverride();

  resultOptions(
    program.command('check').description('Report findings in files and folders.').argument('[PATH...]', 'files and folders', []),
    'warning',
    CHECK_FORMATS,
  )
    .option('--min-severity <severity>', 'lowest severity that is printed', severity, 'hint')
    .option('--full', 'show excerpts and schedules in text, as on a terminal')
    .option('--no-full', 'one line for each finding and each step of its trace, as in a pipe')
    .option('--statistics', 'count findings by rule instead of listing them')
    .option('--fix', 'apply the safe fixes, each proven to clear its finding, and print what is left')
    .option('--fix-suggestions', 'apply suggestions, too: look at the changes')
    .option('--diff', 'print the changes instead of making them')
    .option('--watch', 'stay, and tell what is new and what is gone when files change; Ctrl+C ends')
    .action(async (paths: string[], options: CheckOptions) => {
      status = await check(paths, options, surroundings);
    });

  resultOptions(
    program
      .command('report')
      .description('Draw the concurrency of a folder: roots, shared places, locks and their order.')
      .argument('[PATH...]', 'files and folders', []),
    'never',
    REPORT_FORMATS,
  ).action(async (paths: string[], options: ReportOptions) => {
    status = await report(paths, options, surroundings);
  });

  analysisOptions(
    program
      .command('explain')
      .description('Tell what is known of a line (FILE:LINE), or what a term, a rule or an API means.')
      .argument('<SUBJECT...>', 'FILE:LINE, a term, a rule, an API such as queue.Queue.get, or what you see: PicklingError'),
  )
    .option('--in <path>', 'the folder whose files belong to the program; by default the working folder')
    .action(async (subject: string[], options: ExplainOptions) => {
      await explain(subject.join(' '), options, surroundings);
    });

  program
    .command('glossary')
    .description('Write the glossary as a static site that needs no network: terms, rules and the APIs of libraries.')
    .requiredOption('--output <folder>', 'where to write it')
    .action((options: { output: string }) => writeGlossary(options, surroundings));

  program
    .command('choose')
    .description('Choose a concurrency tool: a few questions, one reasoned advice with code.')
    .argument('[ANSWER...]', 'answers so far, each a number or a word of the question', [])
    .addOption(new Option('--language <language>', 'answers the first question').choices(['python', 'typescript', 'javascript']))
    .action((answers: string[], options: ChooseOptions) => choose(answers, options, terminal));

  program
    .command('config')
    .description('Tell which configuration applies to a file, and why.')
    .argument('<FILE>', 'a file or a folder')
    .option('--config <file>', 'use this configuration file for everything')
    .action(async (file: string, options: { config?: string }) => {
      await showConfiguration(file, options, surroundings);
    });

  try {
    await program.parseAsync([...words], { from: 'user' });
    if (words.length === 0) program.outputHelp();
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.progress('');
    if (error instanceof CannotRun) terminal.tell(`lockset: ${harmless(error.message)}\n`);
    else
      terminal.tell(
        `lockset: internal error: ${error instanceof Error ? error.message : String(error)}\n${surroundings.environment['LOCKSET_DEBUG'] && error instanceof Error ? `${error.stack}\n` : ''}`,
      );
    return 2;
  }
}

/** What every command that analyses takes. */
function analysisOptions(command: Command): Command {
  return command
    .option('--include-tests', 'also read and report tests, stubs, vendored and generated code')
    .option('--config <file>', 'use this configuration file for everything')
    .option('--cache-dir <folder>', "where to keep what was read; by default the user's cache folder")
    .option('--no-cache', 'neither read nor write a cache');
}

/** What every command takes whose result is findings; `failing` is the lowest severity that makes it fail by default. */
function resultOptions(command: Command, failing: string, formats: object): Command {
  return analysisOptions(command)
    .addOption(new Option('--format <format>', 'what to print').choices(Object.keys(formats)).default('text'))
    .option('--output <file>', 'write there instead of to the terminal; FORMAT=FILE writes one more format, and may be repeated', collect)
    .option('--fail-on <severity>', 'lowest severity that makes the exit status 1: error, warning, information, hint or never', failOn, failing)
    .option('--baseline <file>', 'leave out the findings that this file knows')
    .option('--no-baseline', 'pay no heed to the baseline that a configuration names')
    .option('--update-baseline', 'write what is found now to the baseline')
    .option('--diff-base <revision>', 'leave out what was found at this git revision already')
    .option('--stdin-filename <file>', 'read one text from standard input, which stands for this file')
    .option('--quiet', 'print nothing but findings');
}

function collect(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}

function severity(word: string): Severity {
  const found = SEVERITIES.find((each) => each === word);
  if (!found) throw new InvalidArgumentError(`It must be one of ${SEVERITIES.join(', ')}.`);
  return found;
}

const FAILING = [...SEVERITIES, 'never'] as const;

function failOn(word: string): Severity | 'never' {
  const found = FAILING.find((each) => each === word);
  if (!found) throw new InvalidArgumentError(`It must be one of ${FAILING.join(', ')}.`);
  return found;
}
