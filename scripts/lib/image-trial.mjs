import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processBelow } from './buildah.mjs';
import { inClone } from './clone.mjs';
import { say, Sentence } from './main.mjs';
import { untilOk } from './until-ok.mjs';

/** Milliseconds. */
const BOOT_LIMIT = 120_000;
const KEYS = '/keys';
/** Telegram has no such bot. Production does not trust the fake Telegram's signature, so init data is accepted by its hash alone. */
const BOT_ID = '7000000001';
const PERSON = { id: 7_000_000_002, first_name: 'Ada', last_name: 'Lovelace' };

const require = createRequire(import.meta.url);

/**
 * Runs in a container what docker-compose.yml and a first sign-in do: makes keys, migrates, adds an application with a bot,
 * starts the service, checks its health, signs in, reads the profile, and ends the service by SIGTERM.
 */
export async function tryImage(buildah, { container, user, config, scratch }) {
  const { freePort, startPrivatePostgres } = require(inClone('dist/tools/private-postgres/src/index.js'));
  const folder = join(scratch, 'keys');
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, user, user);
  const startPostgres = (name) =>
    startPrivatePostgres({
      baseDirectory: join(scratch, name),
      durability: 'disposable',
      log: () => undefined,
    });
  const [postgres, ledger] = await Promise.all([startPostgres('postgres'), startPostgres('ledger')]);
  const [port, gatewayPort, adminPort] = [await freePort(), await freePort(), await freePort()];
  const settings = {
    volumes: [`${folder}:${KEYS}:rw`],
    env: {
      HOST: '127.0.0.1',
      PORT: port,
      GATEWAY_PORT: gatewayPort,
      ADMIN_PORT: adminPort,
      DATABASE_URL: postgres.url,
      KEYS_FILE: `${KEYS}/keys.json`,
      ERASURE_LEDGER: ledger.url,
      LOG_LEVEL: 'warn',
    },
  };
  const must = (words, input) => {
    const { status, stdout, stderr } = buildah.run(container, settings, words, input);
    if (status !== 0) throw new Sentence(`"${words.join(' ')}" fails in the image: ${stdout}${stderr}`);
    return stdout;
  };
  const healthCheck = config.Healthcheck.Test.slice(1);
  let service;
  try {
    must(['countersign', 'keys', 'generate', '--out', settings.env.KEYS_FILE]);
    must(['countersign', 'migrate']);
    service = buildah.start(container, settings, config.Cmd);
    const ended = new Promise((resolve) => service.once('exit', resolve));
    const address = `http://127.0.0.1:${port}`;
    await untilOk(`${address}/health/ready`, () => checkRuns(service), BOOT_LIMIT);
    must(healthCheck);
    const node = processBelow(service.pid, 'node');
    if (node?.user !== user) throw new Sentence(`The service runs as user ${node?.user}, not ${user}.`);
    await signIn(address, registerBot(must));
    process.kill(node.pid, 'SIGTERM');
    const code = await Promise.race([ended, sleep(BOOT_LIMIT, 'nothing', { ref: false })]);
    if (code !== 0) throw new Sentence(`SIGTERM ends the service with ${code} instead of 0.`);
    if (buildah.run(container, settings, healthCheck).status === 0)
      throw new Sentence('The health check passes after the service has ended.');
  } finally {
    const node = service && processBelow(service.pid, 'node');
    if (node) process.kill(node.pid, 'SIGKILL');
    await Promise.all([postgres.stop(), ledger.stop()]);
  }
}

function checkRuns({ exitCode }) {
  if (exitCode !== null) throw new Sentence(`The service ends with ${exitCode} at its start.`);
}

/** With the commands of the image, as an operator does, while the service runs. */
function registerBot(must) {
  const made = must(['countersign', 'principal', 'create', '--name', 'trial', '--all-scopes', '--json']);
  const { principalId, clientSecret } = JSON.parse(made);
  const principal = `COUNTERSIGN_PRINCIPAL=${principalId}:${clientSecret}`;
  const countersign = (words, input) => must(['env', principal, 'countersign', ...words], input);
  const token = `${BOT_ID}:${randomBytes(27).toString('base64url').slice(0, 35)}`;
  const created = countersign(['application', 'create', '--name', 'Trial', '--json']);
  const { applicationId } = JSON.parse(created).application;
  const bot = ['--application', applicationId, '--username', 'trial_bot', '--signature-policy', 'optional'];
  countersign(['bot', 'add', ...bot, '--token-stdin'], token);
  return { applicationId, token };
}

async function signIn(address, { applicationId, token }) {
  const { FakeTelegram } = require(inClone('dist/published/fake-telegram/src/index.js'));
  const initData = new FakeTelegram().signInitData({
    botToken: token,
    user: PERSON,
    authDate: new Date(),
    omitSignature: true,
  });
  const session = await answerOf(`${address}/v1/auth/telegram/init-data`, 200, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ applicationId, initData }),
  });
  const headers = { authorization: `Bearer ${session.accessToken}` };
  const { userId } = await answerOf(`${address}/v1/me`, 200, { headers });
  if (userId !== session.userId) throw new Sentence('GET /v1/me answers another account.');
  await answerOf(`${address}/v1/me/profile`, 200, { headers });
  await answerOf(`${address}/v1/me`, 401, {});
  say('A person signed in with init data of a bot, and read their account and profile.');
}

async function answerOf(url, status, request) {
  const answer = await fetch(url, request);
  const body = await answer.json();
  if (answer.status !== status)
    throw new Sentence(`${url} answers ${answer.status} instead of ${status}: ${body.code ?? 'no code'}.`);
  return body;
}
