import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './act';
import { generateSteps } from './generate';
import { History, type Failure } from './history';
import { expectedOften, invariants } from './invariants';
import { DatabaseServer } from './database-server';
import { Stage } from './stage';
import { World } from './world';

interface Settings {
  readonly steps: number;
  /** How long shorter histories are tried after a failure. */
  readonly shrinkSeconds: number;
  readonly withRaces: boolean;
  readonly defect: string | undefined;
}

interface Task {
  readonly seed: number;
  /** A file of steps to play instead of generated ones, one a line. */
  readonly replay?: string;
}

interface Played {
  readonly failure: Failure | null;
  readonly trace: string;
  readonly skipped: number;
}

/** Plays histories, each on a database of its own. */
export class Simulation {
  private stages = 0;

  private constructor(
    private readonly server: DatabaseServer,
    private readonly settings: Settings,
  ) {}

  static async start(settings: Settings): Promise<Simulation> {
    return new Simulation(await DatabaseServer.start(), settings);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** @returns how often each precondition was met, and those that a long run has to meet */
  async play(task: Task) {
    const { seed, replay } = task;
    const counts = new Map<string, number>();
    const steps = replay
      ? linesOf(replay)
      : generateSteps(seed, this.settings.steps, this.settings.withRaces);
    const startedAt = performance.now();
    const { failure, trace, skipped } = await this.playOn(steps, counts);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const name = replay ?? `seed ${seed}`;
    print(`${name}: ${steps.length} steps, ${skipped} without a target, trace ${trace}, ${seconds} s`);
    if (failure) await this.report(task, steps, failure, trace);
    return { isBroken: failure !== null, counts: [...counts], expected: expectedOften };
  }

  private async playOn(steps: readonly Step[], counts: Map<string, number>): Promise<Played> {
    this.stages += 1;
    const stage = await Stage.open(this.server, `simulator_${this.stages}`);
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

  private async report(
    { seed, replay }: Task,
    steps: readonly Step[],
    failure: Failure,
    trace: string,
  ): Promise<void> {
    const { invariant, at, differences, last, logged } = failure;
    const { withRaces, defect, shrinkSeconds } = this.settings;
    const more = `${withRaces ? '' : ' --no-races'}${defect ? ` --defect ${defect}` : ''}`;
    const words = `--seed ${seed}${replay ? ` --replay ${replay}` : ` --steps ${this.settings.steps}`}${more}`;
    print(`\nBROKEN ${invariant}: ${invariants[invariant] ?? ''}`);
    print(`at ${at.toISOString()} of the simulated clock. Again: npm run simulate -- ${words}`);
    for (const { what, expected, found } of differences.slice(0, 8))
      print(`\n${what}\n  expected: ${JSON.stringify(expected)}\n  found:    ${JSON.stringify(found)}`);
    for (const line of logged) print(`\nlogged: ${line.trim()}`);
    print(`\nThe last steps before:\n${last.join('\n')}`);
    if (shrinkSeconds === 0) return;
    const short = await this.shorten(steps.slice(0, failure.index + 1), invariant, trace);
    const file = join(process.env['SIMULATOR_FOLDER'] ?? tmpdir(), `simulator-${seed}.jsonl`);
    const lines = short.map((step) => JSON.stringify(step)).join('\n');
    writeFileSync(file, `${lines}\n`);
    print(
      `\nA history of ${short.length} steps fails too: npm run simulate -- --replay ${file}${more}\n${lines}`,
    );
  }

  /** Leaves out ever smaller pieces, and then faults and races, as long as the same invariant breaks. */
  private async shorten(steps: readonly Step[], invariant: string, trace: string): Promise<readonly Step[]> {
    const until = performance.now() + this.settings.shrinkSeconds * 1_000;
    let short = steps;
    const fails = async (tried: readonly Step[]): Promise<boolean> => {
      if (performance.now() > until) return false;
      const played = await this.playOn(tried, new Map());
      if (tried === steps && played.trace !== trace)
        print('\nThe trace differs when the history is repeated.');
      if (played.failure?.invariant !== invariant) return false;
      short = tried.slice(0, played.failure.index + 1);
      return true;
    };
    await fails(steps);
    for (let size = Math.ceil(short.length / 2); size >= 1; size = Math.floor(size / 2))
      for (let start = 0; start < short.length && performance.now() < until;)
        if (!(await fails(withoutPiece(short, start, size)))) start += size;
    for (const name of ['fault', 'race'] as const)
      for (const { [name]: value } of short)
        if (value !== undefined)
          await fails(short.map((step) => (step[name] === value ? { ...step, [name]: undefined } : step)));
    return short;
  }
}

function linesOf(file: string): readonly Step[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Step);
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
