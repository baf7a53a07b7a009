// Measuring: a command's time and peak memory, and quantiles.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Runs a command to its end.
 * It is stopped after `limit` seconds.
 * @returns {Promise<{ seconds: number, megabytes: number | undefined, status: number | null, output: string, timedOut: boolean }>}
 *   `megabytes` is the most resident memory the process had, where the system tells it (Linux).
 */
export function measure(program, args, { env = {}, limit = 300 } = {}) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let peak;
    let timedOut = false;
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    const poll = setInterval(() => {
      peak = peakOf(child.pid) ?? peak;
    }, 25);
    const end = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, limit * 1000);
    child.on('close', (status) => {
      clearInterval(poll);
      clearTimeout(end);
      resolve({ seconds: (performance.now() - started) / 1000, megabytes: peak, status, output, timedOut });
    });
  });
}

/** The most resident memory a running process has had so far, in MB. */
export function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024 || undefined;
  } catch {
    return undefined;
  }
}

/** The value below which the given share of the values lies. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Rows of cells as an aligned table; the first row is the head. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const line = (row) => row.map((cell, column) => (column === 0 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]))).join('  ');
  return [line(rows[0]), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.slice(1).map(line)].join('\n');
}
