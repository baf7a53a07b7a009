// Make it a daemon: a thread or process that never ends does not keep the program from ending.
import { Field } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, replacement } from '../fix';
import { argumentNamed, argumentsOf, callAt, isSplat } from './calls';

/** `Thread(target=f)` becomes `Thread(target=f, daemon=True)`. */
export const makeDaemon: Fix<'make-daemon'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const given = call && argumentsOf(call);
  const name = call?.child(Field.function)?.text ?? '';
  if (!given || !/(?:^|\.)(?:Thread|Process)$/.test(name) || given.length === 0 || given.some(({ value }) => isSplat(value))) return undefined;
  const daemon = argumentNamed(given, 'daemon')?.value;
  const edit = daemon ? replacement(daemon, 'True') : insertion(given.at(-1)!.node.end, ', daemon=True');
  return { title: 'Make it a daemon, which ends with the program', edits: inFile(at.file, [edit]) };
};
