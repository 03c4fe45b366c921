import { say } from '../scripts/lib/main.mjs';
import { Connections } from './load/connections.mjs';
import { bareNode, countersign } from './subjects/all.mjs';
import { startBare } from './subjects/bare.mjs';
import { startFastify } from './subjects/fastify.mjs';
import { Crowd } from './load/crowd.mjs';
import { portOf } from './load/rounds.mjs';
import { TelegramBot } from './product/telegram-bot.mjs';

/**
 * Starts everybody, each as a process of its own.
 *
 * @param {object} options
 * @param {import('./subjects/all.mjs').SubjectDefinition[]} options.suite
 * @param {import('./load/operations.mjs').Operation[]} options.operations
 * @param {import('./machine/ending.mjs').Ending} options.ending gets how to stop them
 * @param {import('./machine/postgres.mjs').Postgres} options.postgres
 * @param {string} options.folder for what the service needs
 * @param {string | undefined} options.profile
 * @param {import('./machine/cores.mjs').Cores | null} options.cores
 * @returns {Promise<import('./load/rounds.mjs').Subject[]>} in the order of the suite
 */
export async function startAll({ suite, operations, ending, postgres, folder, profile, cores }) {
  const bot = new TelegramBot();
  const options = { postgres, bot, folder, profile, cores: cores?.subject };
  const subjects = [];
  for (const { name, operations: own, start } of suite.filter(knowsPeople)) {
    say(`Starting ${name} ...`);
    const started = await start(options);
    ending.before(() => started.stop());
    ending.check();
    subjects.push({ ...started, name, operations: own, crowd: new Crowd(bot) });
  }
  const service = subjects.find(({ name }) => name === countersign.name);
  const { answers, fixed } = await sampleOf(service, operations);
  for (const { name, operations: own } of suite.filter((definition) => !knowsPeople(definition))) {
    const started = await (name === bareNode.name ? startBare : startFastify)({ ...options, answers });
    ending.before(() => started.stop());
    subjects.push({ ...started, name, operations: own, fixed });
  }
  return subjects;
}

function knowsPeople({ start }) {
  return start !== undefined;
}

/** What those who know nobody are asked, and how much they answer: what the service was asked and answered. */
async function sampleOf(service, operations) {
  const { crowd, client } = service;
  const answers = {};
  const fixed = new Map();
  const sample = async (key, exchange) => {
    const connections = await Connections.open(portOf(service, key), 1);
    const { status, body } = await connections.send(exchange);
    connections.close();
    const size = Buffer.byteLength(body);
    const path = exchange.text.split(' ', 2)[1];
    answers[path] ??= { status, size };
    fixed.set(key, { text: exchange.text, check: isLike(answers[path]) });
  };
  await sample('firstLogin', client.firstLogin(crowd, crowd.bot.newUser()));
  for (const { key } of operations.filter((operation) => operation.key !== 'firstLogin')) {
    await sample(key, client[key](crowd, crowd.newest(1)[0]));
  }
  return { answers, fixed };
}

function isLike(expected) {
  return (status, body) =>
    status === expected.status && body.length === expected.size
      ? null
      : `it answered ${status} with ${body.length} bytes, not ${expected.status} with ${expected.size}`;
}
