import { performance } from 'node:perf_hooks';
import { shuffled } from '../load/statistics.mjs';
import { tampered } from './inputs.mjs';

/** Answers between two looks at the clock. */
const BATCH = 16;
const WARM_UP_ROUNDS = 3;

/**
 * @typedef {object} Turn
 * @property {number} rate answers per second
 * @property {number} cpuMicroseconds of the process per answer: some leave work to other threads
 */

/**
 * @throws {Error} when a subject does not accept the inputs as the people they name, or accepts them changed
 *
 * @param {readonly import('./subjects.mjs').Subject[]} subjects
 * @param {readonly import('./inputs.mjs').Input[]} inputs
 * @param {'hash' | 'signature'} proof
 */
export async function checkVerdicts(subjects, inputs, proof) {
  for (const subject of subjects) {
    for (const input of inputs) {
      const id = await verdictOf(subject, input.raw);
      if (id !== expectedOf(subject, input)) throw new Error(`${subject.name} read ${id} for ${input.id}`);
      for (const raw of tampered(input, proof)) {
        const accepted = await verdictOf(subject, raw);
        if (accepted !== undefined)
          throw new Error(`${subject.name} accepted what was tampered with: ${raw}`);
      }
    }
  }
}

/**
 * Gives every subject a turn in each round, in another random order each time.
 *
 * @param {readonly import('./subjects.mjs').Subject[]} subjects
 * @param {readonly import('./inputs.mjs').Input[]} inputs
 * @param {import('./options.mjs').Options} options
 * @returns {Promise<Map<import('./subjects.mjs').Subject, Turn[]>>}
 */
export async function measure(subjects, inputs, { rounds, milliseconds }) {
  const turns = new Map(subjects.map((subject) => [subject, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const subject of shuffled(subjects)) {
      const expected = inputs.map((input) => ({ raw: input.raw, id: expectedOf(subject, input) }));
      const takeTurn = subject.isAsync ? asyncTurn : turn;
      const taken = await takeTurn(subject, expected, milliseconds);
      if (round >= 0) turns.get(subject).push(taken);
    }
  }
  return turns;
}

function turn(subject, inputs, milliseconds) {
  const { personIdOf } = subject;
  const stop = stopwatch(milliseconds);
  let count = 0;
  do {
    for (let last = count + BATCH; count < last; count += 1) {
      const { raw, id } = inputs[count % inputs.length];
      if (personIdOf(raw) !== id) throw new Error(`${subject.name} was wrong about ${raw}`);
    }
  } while (!stop.isDue());
  return stop.figures(count);
}

async function asyncTurn(subject, inputs, milliseconds) {
  const { personIdOf } = subject;
  const stop = stopwatch(milliseconds);
  let count = 0;
  do {
    for (let last = count + BATCH; count < last; count += 1) {
      const { raw, id } = inputs[count % inputs.length];
      if ((await personIdOf(raw)) !== id) throw new Error(`${subject.name} was wrong about ${raw}`);
    }
  } while (!stop.isDue());
  return stop.figures(count);
}

function stopwatch(milliseconds) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return {
    isDue: () => performance.now() - start >= milliseconds,
    /** @returns {Turn} */
    figures: (count) => {
      const { user, system } = process.cpuUsage(cpu);
      return {
        rate: (count / (performance.now() - start)) * 1000,
        cpuMicroseconds: (user + system) / count,
      };
    },
  };
}

async function verdictOf({ personIdOf }, raw) {
  try {
    return await personIdOf(raw);
  } catch {
    return undefined;
  }
}

function expectedOf({ hasNumericIds }, { id }) {
  return hasNumericIds ? Number(id) : id;
}
