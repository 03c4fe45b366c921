import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './acts';
import { generateSteps } from './generate';
import { History, type Failure } from './history';
import { expectedOften, invariants } from './invariants';
import { DatabaseServer, Stage } from './stage';
import { World } from './world';

export interface Options {
  readonly seed: number;
  readonly steps: number;
  readonly histories: number;
  /** How many shorter histories are tried after a failure. */
  readonly maxTries: number;
  readonly withRaces: boolean;
  readonly defect: string | undefined;
  /** A file of steps to play instead of generated ones. */
  readonly replay: string | undefined;
}

interface Played {
  readonly failure: Failure | null;
  readonly trace: string;
  readonly skipped: number;
}

/** @returns the exit code: 1 where an invariant was broken */
export async function simulate(options: Options): Promise<number> {
  const server = await DatabaseServer.start();
  try {
    return await playAll(server, options);
  } finally {
    await server.stop();
  }
}

async function playAll(server: DatabaseServer, options: Options): Promise<number> {
  const counts = new Map<string, number>();
  const { histories, replay } = options;
  for (let index = 0; index < histories; index += 1) {
    const seed = options.seed + index;
    const steps = replay
      ? (JSON.parse(readFileSync(replay, 'utf8')) as readonly Step[])
      : generateSteps(seed, options.steps, options.withRaces);
    const startedAt = performance.now();
    const { failure, trace, skipped } = await playOn(server, steps, counts);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    print(`seed ${seed}: ${steps.length} steps, ${skipped} without a target, trace ${trace}, ${seconds} s`);
    if (failure) {
      await report(server, { ...options, seed }, steps, failure);
      return 1;
    }
  }
  const lines = [...counts].toSorted().map(([name, count]) => `${String(count).padStart(6)}  ${name}`);
  print(`\n${lines.join('\n')}`);
  const never = expectedOften.filter((name) => !counts.has(name));
  if (never.length > 0) print(`\nNever: ${never.join('; ')}.`);
  return 0;
}

let stages = 0;

async function playOn(
  server: DatabaseServer,
  steps: readonly Step[],
  counts: Map<string, number>,
): Promise<Played> {
  stages += 1;
  const stage = await Stage.open(server, `simulator_${stages}`);
  try {
    const world = new World(stage);
    await world.setUp();
    const history = new History(stage, world, counts);
    const failure = await history.play(steps);
    return { failure, trace: history.trace, skipped: history.skipped };
  } finally {
    await stage.close();
  }
}

async function report(
  server: DatabaseServer,
  { seed, steps: count, maxTries, withRaces, defect, replay }: Options,
  steps: readonly Step[],
  failure: Failure,
): Promise<void> {
  const { invariant, at, differences, last, logged } = failure;
  const words = [
    `--seed ${seed}`,
    `--steps ${count}`,
    ...(withRaces ? [] : ['--no-races']),
    ...(defect ? [`--defect ${defect}`] : []),
    ...(replay ? [`--replay ${replay}`] : []),
  ];
  print(`\nBROKEN ${invariant}: ${invariants[invariant] ?? ''}`);
  print(`at ${at.toISOString()} of the simulated clock. Again: npm run simulate -- ${words.join(' ')}`);
  for (const { what, expected, found } of differences.slice(0, 8))
    print(`\n${what}\n  expected: ${JSON.stringify(expected)}\n  found:    ${JSON.stringify(found)}`);
  for (const line of logged) print(`\nlogged: ${line.trim()}`);
  print(`\nThe last steps before:\n${last.join('\n')}`);
  const short = await shorten(server, steps.slice(0, failure.index + 1), invariant, maxTries);
  const file = join(process.env['SIMULATOR_FOLDER'] ?? tmpdir(), `simulator-${seed}.json`);
  writeFileSync(file, JSON.stringify(short, null, 1));
  print(
    `\nA history of ${short.length} steps fails too. npm run simulate -- --seed ${seed} --replay ${file}`,
  );
  for (const step of short) print(`  ${JSON.stringify(step)}`);
}

/** Leaves out ever smaller pieces, as long as the same invariant breaks. */
async function shorten(
  server: DatabaseServer,
  steps: readonly Step[],
  invariant: string,
  maxTries: number,
): Promise<readonly Step[]> {
  let short = steps;
  let tries = 0;
  for (let size = Math.ceil(short.length / 2); size >= 1 && tries < maxTries; size = Math.floor(size / 2)) {
    for (let start = 0; start < short.length && tries < maxTries;) {
      const left = withoutPiece(short, start, size);
      tries += 1;
      const { failure } = await playOn(server, left, new Map());
      if (failure?.invariant === invariant) short = left.slice(0, failure.index + 1);
      else start += size;
    }
  }
  return short;
}

/** Time goes on as before: a step that follows gets the minutes of those that are left out. */
function withoutPiece(steps: readonly Step[], start: number, size: number): readonly Step[] {
  const minutes = steps.slice(start, start + size).reduce((sum, step) => sum + step.minutes, 0);
  const [next, ...rest] = steps.slice(start + size);
  const kept = next ? [{ ...next, minutes: next.minutes + minutes }, ...rest] : [];
  return [...steps.slice(0, start), ...kept];
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
