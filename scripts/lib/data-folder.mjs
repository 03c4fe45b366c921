import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Sentence } from './main.mjs';

/**
 * Takes `--data-dir <folder>` out of the command line. It is another form of `COUNTERSIGN_DATA_DIR`.
 *
 * @throws Sentence without a folder, and in production
 */
export function readDataDir() {
  const { argv, env } = process;
  const at = argv.findIndex((word) => /^--data-dir(?:=|$)/.test(word));
  if (at < 0) return;
  const [word, next] = argv.splice(at, argv[at] === '--data-dir' ? 2 : 1);
  env.COUNTERSIGN_DATA_DIR = next ?? word.slice('--data-dir='.length);
  if (!env.COUNTERSIGN_DATA_DIR) throw new Sentence('--data-dir needs a folder.');
  if (!isDevelopment())
    throw new Sentence(
      '--data-dir is for development. In production, variables name the database and the keys.',
    );
}

/**
 * The folder of the private database, the made-up keys and the demo: `COUNTERSIGN_DATA_DIR`, else the default.
 * Another person can have put a database, keys and addresses into a folder, so the default must be one that a start of this user has recorded.
 *
 * @param {string} folder an absolute path: the default, but for root
 * @param {string} start the command of `start`, for error messages
 * @throws Sentence for a folder that is not recorded
 */
export function dataFolder(folder, start) {
  if (process.env.COUNTERSIGN_DATA_DIR) return resolve(process.env.COUNTERSIGN_DATA_DIR);
  const found = defaultFolder(folder);
  if (!existsSync(found) || isRecorded(found)) return found;
  throw new Sentence(
    `${found} is not used: ${recordFile()} does not say that "${start}" made it for you. If the folder is yours, run "COUNTERSIGN_DATA_DIR=${found} ${start}" once. Otherwise go to another folder.`,
  );
}

/**
 * The same for a command that ends the service or deletes the folder: a start must have recorded it, also if it is named.
 *
 * @throws Sentence for a folder that does not exist or is not recorded
 */
export function recordedFolder(folder, start) {
  if (!isDevelopment())
    throw new Sentence('This command is for development. In production, use your service manager.');
  const found = dataFolder(folder, start);
  if (!existsSync(found)) throw new Sentence(`There is no data in ${found}.`);
  if (isRecorded(found)) return found;
  throw new Sentence(
    `${recordFile()} does not have ${found}, because COUNTERSIGN_DATA_DIR or --data-dir named it. Press Ctrl-C where the service runs. If you no longer need the folder, delete it yourself.`,
  );
}

/**
 * The data folder for a start. The default is made, and recorded for the commands.
 *
 * @param {(folder: string) => string} prepareFolder makes a folder that is private to the user
 * @throws Sentence also where the default cannot be recorded
 */
export function startFolder(folder, start, prepareFolder) {
  const found = dataFolder(folder, start);
  if (found === defaultFolder(folder)) {
    // A folder that cannot be recorded is not made.
    record('');
    prepareFolder(found);
    if (!isRecorded(found)) record(`${lineOf(found)}\n`);
  }
  return found;
}

/** For root it is below `/var/lib`, because the database then runs as another user, who may not pass through the parents of `folder`. */
function defaultFolder(folder) {
  if (process.getuid?.() !== 0) return folder;
  const id = createHash('sha256').update(dirname(folder)).digest('hex').slice(0, 12);
  return join('/var/lib/countersign', id);
}

function isRecorded(folder) {
  try {
    const uid = process.getuid?.();
    const isOwn = uid === undefined || statSync(recordFile()).uid === uid;
    return isOwn && readFileSync(recordFile(), 'utf8').split('\n').includes(lineOf(folder));
  } catch {
    return false;
  }
}

function record(line) {
  try {
    const file = recordFile();
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, line, { mode: 0o600 });
  } catch (error) {
    if (process.env.COUNTERSIGN_DATA_DIR) return;
    if (error instanceof Sentence) throw error;
    throw new Sentence(
      `${error.path} cannot be written (${error.code}), so your data folder cannot be recorded. Let HOME name a folder that you may write to, or name a data folder in COUNTERSIGN_DATA_DIR.`,
    );
  }
}

/** Of this folder only: a folder that replaces it, or a copy, has another line. */
function lineOf(folder) {
  const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true });
  return JSON.stringify([realpathSync(folder), `${dev}:${ino}:${birthtimeNs}`]);
}

/** @throws Sentence without a home directory */
function recordFile() {
  try {
    const home = process.env.HOME ?? homedir();
    // The current folder is no home.
    if (isAbsolute(home)) return join(home, '.config', 'countersign', 'data-folders');
  } catch {
    // The user id has no entry.
  }
  throw new Sentence(
    'HOME must be an absolute path. Set it, or name the data folder in COUNTERSIGN_DATA_DIR.',
  );
}

/** Whether the launcher's conveniences (private database, made-up keys, demo) are wanted at all. */
export function isDevelopment() {
  return (process.env.NODE_ENV || 'development') === 'development';
}
