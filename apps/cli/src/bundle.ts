import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { constants, Script } from 'node:vm';
import type * as cliModule from './cli';

/**
 * The CLI as one file that the build makes of its 3,000 modules, with V8's code cache beside it: a command takes
 * 0.8 s of CPU instead of 2 s. The cache is for the Node that made it: V8 refuses that of another V8 only, and crashes on that of
 * another Node with the same V8.
 */
const BUNDLE = join(__dirname, 'bundle', 'cli.js');
const CACHE = `${BUNDLE}.${process.version}-${process.arch}.cache`;
/** Milliseconds. Most commands have ended by then. */
const LONG_COMMAND = 1_000;

type Cli = typeof cliModule;

/** The bundle; null when there is none, or when a later build made none. */
export function loadBundle(): Cli | null {
  const made = statSync(BUNDLE, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (made < statSync(join(__dirname, 'cli.js')).mtimeMs) return null;
  const { cli } = evaluate(readIfThere(CACHE));
  setTimeout(() => setFlagsFromString('--opt'), LONG_COMMAND).unref();
  return cli;
}

/** Writes the code of all functions that run while the modules load. The build calls it, in a process of its own. */
export async function writeCodeCache(): Promise<void> {
  const { script, cli } = evaluate();
  await cli.load();
  writeFileSync(CACHE, script.createCachedData());
}

function evaluate(cachedData?: Buffer): { readonly script: Script; readonly cli: Cli } {
  // Optimizing what runs once takes a quarter of a second. The cache is good for these flags only.
  setFlagsFromString('--no-opt');
  const script = new Script(readFileSync(BUNDLE, 'latin1'), {
    filename: BUNDLE,
    ...(cachedData ? { cachedData } : {}),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} as Cli };
  const start = script.runInThisContext() as (...scope: readonly unknown[]) => void;
  start(module.exports, createRequire(BUNDLE), module, BUNDLE, dirname(BUNDLE));
  return { script, cli: module.exports };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
