import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

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

const FORBIDDEN = {
  closed: { mode: 0o077, words: 'closed to all others' },
  readable: { mode: 0o022, words: 'writable by no other' },
};

export function ownFolder(folder: string, variable: string, to: keyof typeof FORBIDDEN): Stats {
  const found = statSync(folder);
  const { mode, words } = FORBIDDEN[to];
  if (found.uid !== process.getuid?.() || (found.mode & mode) !== 0)
    throw new Error(`the folder of ${variable} has to belong to the user of custody, ${words}`);
  return found;
}

const STICKY = 0o1000;

export function refuseForeignWriters(path: string): void {
  const folders = [path, realpathSync(path)].map((one) => statSync(dirname(one)));
  const isForeign = [lstatSync(path), statSync(path), ...folders].some((found) => {
    const { uid, mode } = found;
    // In a sticky folder, nobody replaces the files of another user.
    const isClosed = found.isSymbolicLink() || (found.isDirectory() && (mode & STICKY) !== 0);
    return (uid !== 0 && uid !== process.getuid?.()) || (!isClosed && (mode & FORBIDDEN.readable.mode) !== 0);
  });
  if (isForeign)
    throw new Error('another user than custody’s and root can write the file of rules, or its folder');
}

/** Without a listener, this signal opens the debugger of Node. */
export function blockDebuggerSignal(): void {
  process.on('SIGUSR1', () => undefined);
}

/** OpenSSL leaves copies of keys in memory. They stay at most this long after the last call. */
const COLLECT_AFTER_MS = 500;

/** Returns a function that collects garbage soon after a call, because OpenSSL then overwrites its copies of keys. */
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
