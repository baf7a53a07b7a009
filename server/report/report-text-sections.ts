// Sections of the report as text: what runs, what is shared, which locks there are, and in which order they are taken.
import { counted, harmless, type Palette } from './plain-text';
import type { ReportAccess, ReportLocation, ReportLock, ReportLockOrder, ReportRoot, ReportSharedPlace, WorkspaceReport } from './workspace-report';

/** How sections write. */
export interface SectionStyle {
  readonly palette: Palette;
  /** Text at a depth, wrapped; it may hold colours, and everything else in it has to be harmless already. */
  readonly item: (depth: number, text: string) => string;
  readonly place: (location: ReportLocation) => string;
  /** So many of the blocks, and how many there are more. */
  readonly some: (blocks: readonly string[], limit: number, depth?: number) => readonly string[];
}

const SHOWN_ROOTS = 60;
const SHOWN_PLACES = 30;
const SHOWN_LOCKS = 60;
const SHOWN_ORDERS = 40;
const SHOWN_PARTS = 6;
const SHOWN_CHAINS = 2;

export function rootLines(roots: readonly ReportRoot[], { palette, item, place, some }: SectionStyle): readonly string[] {
  const blocks = roots.map((root) => {
    const many = root.many ? ` ${palette.severity.warning(`several at a time${root.why ? `: ${harmless(root.why)}` : ''}`)}` : '';
    const starts = root.starts.map((start) => `started at ${place(start)} in ${harmless(start.function)}${start.by ? ` by ${harmless(start.by)}` : ''}`);
    return [
      item(1, `${palette.severity.information(root.kind)} ${palette.bold(harmless(root.name))}${many}`),
      ...some(
        starts.map((start) => item(3, start)),
        SHOWN_PARTS,
        3,
      ),
      ...(root.reaches > 0 ? [item(3, `reaches ${counted(root.reaches, 'function')}`)] : []),
    ].join('\n');
  });
  return some(blocks, SHOWN_ROOTS);
}

export function sharedLines(shared: readonly ReportSharedPlace[], style: SectionStyle): readonly string[] {
  const { palette, item, some } = style;
  const blocks = shared.map((each) => {
    const { accesses, writes, guarded } = each.counts;
    const guard = each.guard ? `guarded by ${palette.bold(harmless(each.guard.name))}${each.isStated ? ', says its annotation' : ''}` : 'no guard known';
    const kept = each.guard ? `, held at ${guarded} of ${counted(accesses, 'access', 'accesses')}` : `, ${counted(accesses, 'access', 'accesses')}`;
    const rules = each.rules.length > 0 ? ` ${palette.severity.warning(each.rules.join(', '))}` : '';
    return [
      item(1, `${palette.bold(harmless(each.name))}: ${guard}${kept}, ${counted(writes, 'write')}${rules}`),
      item(3, `reached by ${each.roots.map(({ name }) => harmless(name)).join(', ')}`),
      ...some(
        each.accesses.map((access) => item(3, accessText(access, style))),
        SHOWN_PARTS,
        3,
      ),
    ].join('\n');
  });
  return some(blocks, SHOWN_PLACES);
}

function accessText(access: ReportAccess, { palette, place }: SectionStyle): string {
  const locks = access.locks.length > 0 ? `with ${access.locks.map(harmless).join(', ')}` : 'no lock';
  const text = `${access.write ? 'write' : 'read'} ${place(access)} in ${harmless(access.function)}, ${locks}`;
  return access.breaks ? `${text}, ${palette.severity.warning('without the guard')}` : text;
}

export function lockLines(locks: readonly ReportLock[], { palette, item, place, some }: SectionStyle): readonly string[] {
  const blocks = locks.map((lock) => {
    const keepsOut = lock.keepsOut ? `, keeps out ${lock.keepsOut}` : '';
    const slow = lock.slow.map((work) =>
      item(3, `${palette.severity.warning('slow while held')}: ${harmless(work.what)} ${place(work)} in ${harmless(work.function)}`),
    );
    return [
      item(1, `${palette.bold(harmless(lock.name))} ${harmless(lock.type)}${keepsOut}`),
      item(3, `taken ${counted(lock.acquisitions.length, 'time')}, first at ${place(lock.location)}`),
      ...(lock.guards.length > 0 ? [item(3, `guards ${lock.guards.map(({ name }) => harmless(name)).join(', ')}`)] : []),
      ...some(slow, SHOWN_PARTS, 3),
    ].join('\n');
  });
  return some(blocks, SHOWN_LOCKS);
}

export function orderLines({ order, cycles }: WorkspaceReport, style: SectionStyle): readonly string[] {
  const { palette, item, some } = style;
  const circles = cycles.map(({ locks }) =>
    item(1, `${palette.severity.error('circle')} ${[...locks, locks[0]].map(({ name }) => harmless(name)).join(' -> ')}`),
  );
  return [
    ...circles,
    ...some(
      order.map((edge) => orderBlock(edge, style)),
      SHOWN_ORDERS,
    ),
  ];
}

function orderBlock({ first, second, inCycle, chains }: ReportLockOrder, { palette, item, place, some }: SectionStyle): string {
  const mark = inCycle ? ` ${palette.severity.error('in a circle')}` : '';
  const ways = chains.map((chain) => chain.map((step) => item(3, `${place(step)} ${harmless(step.message)}`)).join('\n'));
  return [item(1, `${palette.bold(harmless(first.name))} -> ${palette.bold(harmless(second.name))}${mark}`), ...some(ways, SHOWN_CHAINS, 3)].join('\n');
}
