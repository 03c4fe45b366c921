import { say } from '../../scripts/lib/main.mjs';
import { Connections } from '../load/connections.mjs';
import { Crowd } from '../load/crowd.mjs';
import { portOf } from '../load/rounds.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { countersign } from '../subjects/all.mjs';

/**
 * Starts all subjects, each as a process of its own. `folder`: for what the service needs. @returns in the order of
 * the suite
 */
export async function startAll({ suite, operations, ending, postgres, folder, profile, cores }) {
  const bot = new TelegramBot();
  const options = { postgres, bot, folder, profile, cores: cores?.subject };
  const subjects = [];
  const start = async (definition, facts) => {
    say(`Starting ${definition.name} ...`);
    const started = await definition.start({ ...options, ...facts });
    ending.before(() => started.stop());
    ending.check();
    const { name, operations: own, isPaced } = definition;
    // An earlier commit may lack an operation.
    const known = own.filter((key) => !started.client || key in started.client);
    subjects.push({ ...started, name, operations: known, isPaced, ...facts });
  };
  for (const definition of suite.filter(({ hasUsers }) => hasUsers))
    await start(definition, { crowd: new Crowd(bot) });
  const service = subjects.find(({ name }) => name === countersign.name);
  const samples = await sampleOf(service, operations);
  for (const definition of suite.filter(({ hasUsers }) => !hasUsers)) await start(definition, samples);
  return subjects;
}

/** What subjects without users are sent, and how much they answer: the same as the service. */
async function sampleOf(service, operations) {
  const { crowd, client } = service;
  const answers = {};
  const fixed = new Map();
  const sample = async (key, exchange) => {
    const connections = await Connections.open(portOf(service, key), 1);
    const { status, body } = await connections.send(exchange);
    connections.close();
    const path = exchange.text.split(' ', 2)[1];
    answers[path] ??= { status, size: Buffer.byteLength(body) };
    fixed.set(key, { text: exchange.text, check: isLike(answers[path]) });
  };
  await sample('firstLogin', client.firstLogin(crowd, crowd.bot.newUser()));
  for (const { key } of operations.filter((operation) => operation.key !== 'firstLogin'))
    await sample(key, client[key](crowd, crowd.newest(1)[0]));
  return { answers, fixed };
}

function isLike(expected) {
  return (status, body) =>
    status === expected.status && body.length === expected.size
      ? null
      : `it answered ${status} with ${body.length} bytes, not ${expected.status} with ${expected.size}`;
}
