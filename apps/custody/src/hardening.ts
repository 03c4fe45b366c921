import { readFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

interface Surroundings {
  readonly nodeOptions: string | undefined;
  readonly arguments: readonly string[];
  readonly inspectorUrl: string | undefined;
  /** Soft limit of core files. */
  readonly coreLimit: unknown;
}

/**
 * Why this process may not have keys, in sentences: its memory could be read by a debugger, or written to a file.
 */
function surroundingsProblems({
  nodeOptions,
  arguments: args,
  inspectorUrl: debuggerUrl,
  coreLimit,
}: Surroundings): readonly string[] {
  const problems: string[] = [];
  if (debuggerUrl !== undefined) problems.push('A debugger is attached.');
  if (nodeOptions) problems.push('NODE_OPTIONS is set: unset it.');
  if (args.length > 0) problems.push(`Node has options (${args.map(nameOf).join(', ')}): start it without.`);
  if (coreLimit !== 0) problems.push('Core files are not limited to 0: start it by bin/countersign-custody.');
  return problems;
}

/** @throws Error with all problems */
export function refuseUnsafeSurroundings(): void {
  const { userLimits } = process.report.getReport() as unknown as {
    userLimits?: { core_file_size_blocks?: { soft: unknown } };
  };
  const problems = surroundingsProblems({
    nodeOptions: process.env['NODE_OPTIONS'],
    arguments: process.execArgv,
    inspectorUrl: inspectorUrl(),
    coreLimit: userLimits?.core_file_size_blocks?.soft,
  });
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

function nameOf(argument: string): string {
  return argument.split('=', 1)[0] ?? '';
}

/** Empty where there is no such file, as on other systems than Linux. */
function textOf(...path: readonly string[]): string {
  try {
    return readFileSync(join(...path), 'utf8');
  } catch {
    return '';
  }
}
