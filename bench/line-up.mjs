import { say } from '../scripts/lib/main.mjs';
import { Connections } from './load/connections.mjs';
import { bareNode, countersign } from './contestants/all.mjs';
import { startBare } from './contestants/bare.mjs';
import { startFastify } from './contestants/fastify.mjs';
import { Crowd } from './load/crowd.mjs';
import { portOf } from './load/rounds.mjs';
import { TelegramBot } from './product/telegram-bot.mjs';

/**
 * Starts everybody, each as a process of its own.
 *
 * @param {object} options
 * @param {import('./contestants/all.mjs').Entrant[]} options.entrants
 * @param {import('./load/operations.mjs').Operation[]} options.operations
 * @param {import('./machine/ending.mjs').Ending} options.ending gets how to stop them
 * @param {import('./machine/postgres.mjs').Postgres} options.postgres
 * @param {string} options.folder for what the service needs
 * @param {string | undefined} options.profile
 * @param {import('./machine/cores.mjs').Cores | null} options.cores
 * @returns {Promise<import('./load/rounds.mjs').Contestant[]>} in the order of the entrants
 */
export async function startAll({ entrants, operations, ending, postgres, folder, profile, cores }) {
  const bot = new TelegramBot();
  const options = { postgres, bot, folder, profile, cores: cores?.contestant };
  const contestants = [];
  for (const { name, operations: own, start } of entrants.filter(knowsPeople)) {
    say(`Starting ${name} ...`);
    const started = await start(options);
    ending.before(() => started.stop());
    ending.check();
    contestants.push({ ...started, name, operations: own, crowd: new Crowd(bot) });
  }
  const service = contestants.find(({ name }) => name === countersign.name);
  const { answers, fixed } = await sampleOf(service, operations);
  for (const { name, operations: own } of entrants.filter((entrant) => !knowsPeople(entrant))) {
    const started = await (name === bareNode.name ? startBare : startFastify)({ ...options, answers });
    ending.before(() => started.stop());
    contestants.push({ ...started, name, operations: own, fixed });
  }
  return contestants;
}

function knowsPeople({ start }) {
  return start !== undefined;
}

/** What those who know nobody are asked, and how much they answer: what the service was asked and answered. */
async function sampleOf(service, operations) {
  const { crowd, dialect } = service;
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
  await sample('firstLogin', dialect.firstLogin(crowd, crowd.bot.newUser()));
  for (const { key } of operations.filter((operation) => operation.key !== 'firstLogin')) {
    await sample(key, dialect[key](crowd, crowd.newest(1)[0]));
  }
  return { answers, fixed };
}

function isLike(expected) {
  return (status, body) =>
    status === expected.status && body.length === expected.size
      ? null
      : `it answered ${status} with ${body.length} bytes, not ${expected.status} with ${expected.size}`;
}
