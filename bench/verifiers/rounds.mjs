import { performance } from 'node:perf_hooks';
import { shuffled } from '../report/statistics.mjs';
import { tampered } from './inputs.mjs';

/** Answers between two looks at the clock. */
const BATCH = 16;
const WARM_UP_ROUNDS = 3;

/** @throws when a subject does not accept the inputs as the people they name, or accepts them changed */
export async function checkVerdicts(subjects, inputs, proof) {
  for (const subject of subjects)
    for (const input of inputs) {
      const id = await verdictOf(subject, input.raw);
      if (id !== expectedOf(subject, input)) throw new Error(`${subject.name} read ${id} for ${input.id}`);
      for (const raw of tampered(input, proof))
        if ((await verdictOf(subject, raw)) !== undefined)
          throw new Error(`${subject.name} accepted what was tampered with: ${raw}`);
    }
}

/** Gives every subject a turn in each round, in another random order each time. */
export async function measure(subjects, inputs, { rounds, milliseconds }) {
  const turns = new Map(subjects.map((subject) => [subject, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1)
    for (const subject of shuffled(subjects)) {
      const expected = inputs.map((input) => ({ raw: input.raw, id: expectedOf(subject, input) }));
      const taken = await (subject.isAsync ? takeAsyncTurn : takeTurn)(subject, expected, milliseconds);
      if (round >= 0) turns.get(subject).push(taken);
    }
  return turns;
}

function takeTurn(subject, inputs, milliseconds) {
  const figures = stopwatch();
  let count = 0;
  do {
    for (let last = count + BATCH; count < last; count += 1) {
      const { raw, id } = inputs[count % inputs.length];
      if (subject.personIdOf(raw) !== id) throw new Error(`${subject.name} was wrong about ${raw}`);
    }
  } while (figures.elapsed() < milliseconds);
  return figures.of(count);
}

/** Apart from the other one, which never waits for a promise. */
async function takeAsyncTurn(subject, inputs, milliseconds) {
  const figures = stopwatch();
  let count = 0;
  do {
    for (let last = count + BATCH; count < last; count += 1) {
      const { raw, id } = inputs[count % inputs.length];
      if ((await subject.personIdOf(raw)) !== id) throw new Error(`${subject.name} was wrong about ${raw}`);
    }
  } while (figures.elapsed() < milliseconds);
  return figures.of(count);
}

/** CPU time is that of the process: some subjects leave work to other threads. */
function stopwatch() {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const elapsed = () => performance.now() - start;
  const of = (count) => {
    const { user, system } = process.cpuUsage(cpu);
    return { rate: (count / elapsed()) * 1000, cpuMicroseconds: (user + system) / count };
  };
  return { elapsed, of };
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
