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
 * @throws {Error} when a contestant does not accept the inputs as the people they name, or accepts them changed
 *
 * @param {readonly import('./contestants.mjs').Contestant[]} contestants
 * @param {readonly import('./inputs.mjs').Input[]} inputs
 * @param {'hash' | 'signature'} proof
 */
export async function checkVerdicts(contestants, inputs, proof) {
  for (const contestant of contestants) {
    for (const input of inputs) {
      const id = await verdictOf(contestant, input.raw);
      if (id !== expectedOf(contestant, input))
        throw new Error(`${contestant.name} read ${id} for ${input.id}`);
      for (const raw of tampered(input, proof)) {
        const accepted = await verdictOf(contestant, raw);
        if (accepted !== undefined)
          throw new Error(`${contestant.name} accepted what was tampered with: ${raw}`);
      }
    }
  }
}

/**
 * Gives every contestant a turn in each round, in another random order each time.
 *
 * @param {readonly import('./contestants.mjs').Contestant[]} contestants
 * @param {readonly import('./inputs.mjs').Input[]} inputs
 * @param {import('./options.mjs').Options} options
 * @returns {Promise<Map<import('./contestants.mjs').Contestant, Turn[]>>}
 */
export async function measure(contestants, inputs, { rounds, milliseconds }) {
  const turns = new Map(contestants.map((contestant) => [contestant, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const contestant of shuffled(contestants)) {
      const expected = inputs.map((input) => ({ raw: input.raw, id: expectedOf(contestant, input) }));
      const takeTurn = contestant.isAsync ? asyncTurn : turn;
      const taken = await takeTurn(contestant, expected, milliseconds);
      if (round >= 0) turns.get(contestant).push(taken);
    }
  }
  return turns;
}

function turn(contestant, inputs, milliseconds) {
  const { personIdOf } = contestant;
  const stop = stopwatch(milliseconds);
  let count = 0;
  do {
    for (let last = count + BATCH; count < last; count += 1) {
      const { raw, id } = inputs[count % inputs.length];
      if (personIdOf(raw) !== id) throw new Error(`${contestant.name} was wrong about ${raw}`);
    }
  } while (!stop.isDue());
  return stop.figures(count);
}

async function asyncTurn(contestant, inputs, milliseconds) {
  const { personIdOf } = contestant;
  const stop = stopwatch(milliseconds);
  let count = 0;
  do {
    for (let last = count + BATCH; count < last; count += 1) {
      const { raw, id } = inputs[count % inputs.length];
      if ((await personIdOf(raw)) !== id) throw new Error(`${contestant.name} was wrong about ${raw}`);
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
