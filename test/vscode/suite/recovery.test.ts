// What happens when the server's process dies. This suite comes after the one that looks at the log, for a crash is logged.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { activate, finding, open, until } from './editor';

describe('a server that was killed', () => {
  it('is started again, and the findings come back', async () => {
    const lockset = await activate();
    const { uri } = await open('counter.py');
    await finding(uri, /./);
    const [victim, ...others] = serverProcesses();
    assert.ok(victim !== undefined && others.length === 0, `expected one server, found ${[victim, ...others]}`);
    process.kill(victim, 'SIGKILL');
    const successor = await until('another server', () => serverProcesses().find((pid) => pid !== victim));
    assert.notEqual(successor, victim);
    await until(
      'ready again',
      () => (lockset.status.state === 'ready' ? true : undefined),
      () => lockset.status,
    );
    await finding(uri, /./);
  });
});

/** Ids of the language servers that this extension host started. */
function serverProcesses(): number[] {
  return childProcesses()
    .filter(({ command }) => /dist[/\\]server\.js/.test(command))
    .map(({ pid }) => pid);
}

function childProcesses(): { pid: number; command: string }[] {
  if (existsSync('/proc/self/stat')) {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const parent = Number(
            readFileSync(`/proc/${name}/stat`, 'utf8')
              .replace(/^.*\) \S /s, '')
              .split(' ')[0],
          );
          return parent === process.pid ? [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }] : [];
        } catch {
          return []; // It ended meanwhile.
        }
      });
  }
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === process.pid ? [{ pid: Number(pid), command: command ?? '' }] : [];
  });
}
