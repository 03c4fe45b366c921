import { readFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** @throws Error with all reasons why this process may not have keys: its memory could be read by a debugger, or written to a file */
export function refuseUnsafeSurroundings(): void {
  const { userLimits } = process.report.getReport() as unknown as {
    userLimits?: { core_file_size_blocks?: { soft: unknown } };
  };
  const options = process.execArgv.map((argument) => argument.split('=', 1)[0]).join(', ');
  const problems = (
    [
      [inspectorUrl() !== undefined, 'A debugger is attached.'],
      [process.env['NODE_OPTIONS'], 'NODE_OPTIONS is set: unset it.'],
      [options, `Node has options (${options}): start it without.`],
      [
        userLimits?.core_file_size_blocks?.soft !== 0,
        'Core files are not limited to 0: start it by bin/countersign-custody.',
      ],
    ] as const
  ).flatMap(([isProblem, sentence]) => (isProblem ? [sentence] : []));
  if (problems.length > 0) throw new Error(problems.join(' '));
}

/**
 * Whether the system may write memory of this process to swap: some is on, and no control group (version 2) forbids it.
 * Node cannot lock pages.
 */
export function mayBeSwapped(root = '/'): boolean {
  const [, ...areas] = textOf(root, 'proc/swaps').trim().split('\n');
  if (areas.length === 0) return false;
  let group = /^0::(\/.*)$/m.exec(textOf(root, 'proc/self/cgroup'))?.[1];
  while (group !== undefined) {
    if (textOf(root, 'sys/fs/cgroup', group, 'memory.swap.max').trim() === '0') return false;
    group = group === '/' ? undefined : dirname(group);
  }
  return true;
}

/** With a listener of its own, the signal no longer opens Node's debugger. */
export function blockDebuggerSignal(): void {
  process.on('SIGUSR1', () => undefined);
}

/** Milliseconds: as long may a copy of a key that OpenSSL made stay in memory when no call follows. */
const COLLECT_AFTER_MS = 250;

/** Collects garbage soon after calls: then OpenSSL overwrites its copies of keys. */
export function collectorOfCopies(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let timer: NodeJS.Timeout | null = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      collect();
    }, COLLECT_AFTER_MS);
  };
}

/** Empty where there is no such file, as on other systems than Linux. */
function textOf(...path: readonly string[]): string {
  try {
    return readFileSync(join(...path), 'utf8');
  } catch {
    return '';
  }
}
