import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { privateKeyToAccount, generatePrivateKey } from 'viem/accounts';
import { inClone } from '../../scripts/lib/clone.mjs';
import { Sentence } from '../../scripts/lib/main.mjs';
import { print, runBench } from '../frame.mjs';
import { Postgres } from '../machine/postgres.mjs';
import { built } from '../product/built.mjs';
import { median, shuffled } from '../report/statistics.mjs';
import { fixed, grouped, span, tableOf, targetTable } from '../report/table.mjs';

const { generateKeyRing } = built('libs/pure/crypto/src');
const { CustodyClient } = built('libs/wallets/embedded-wallets/src');
const { encodeFrame, exchange } = built('libs/pure/custody-protocol/src');
const { makeCustodyRole } = built('tools/launcher/src/custody');
const { aTelegramUser, FakeTelegram } = built('published/fake-telegram/src');

const OPTIONS = {
  rounds: { usual: 5, smoke: 1, meaning: 'measured rounds' },
  seconds: { usual: 3, smoke: 0.3, meaning: 'length of a round' },
};

const START_LIMIT_MS = 30_000;
/** Of the rate of viem and one insert: with Telegram's Ed25519 signature. */
const TARGET = 0.25;
const TO = `0x${'22'.repeat(20)}`;
const FREE = 1;
const CONSENTED = 31_337;
const BOT = '700000001';

/** Acts of custody, one after the other, beside signing with viem and one durable insert. */
export function bench(words) {
  return runBench({ command: 'bench -- custody', options: OPTIONS, words }, run);
}

async function run({ folder, ending, check, rounds, seconds }) {
  const postgres = await Postgres.start(folder);
  ending.before(() => postgres.stop());
  const subjects = [
    { name: 'viem and one insert', act: await bareSubject(postgres, ending) },
    ...(await custodySubjects(postgres, folder, ending)),
  ];
  const rates = new Map(subjects.map(({ name }) => [name, []]));
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1)
    for (const { name, act } of shuffled(subjects)) {
      check();
      const rate = await rateOf(act, seconds);
      if (round > 0) rates.get(name).push(rate);
    }
  const [bare, , consented] = subjects.map(({ name }) => median(rates.get(name)));
  print(
    tableOf(subjects, {
      subject: ({ name }) => name,
      ' acts/s': ({ name }) => grouped(median(rates.get(name))),
      ' least–most': ({ name }) => span(rates.get(name).map(Math.round)),
      ' of viem': ({ name }) => fixed(median(rates.get(name)) / bare, 2),
    }),
  );
  const isReached = consented / bare >= TARGET;
  const target = {
    wanted: `${TARGET} of viem and one insert`,
    measured: fixed(consented / bare, 2),
    isReached,
  };
  print(targetTable('act', [{ act: 'with consent, Ed25519 included', ...target }]));
  return 0;
}

async function rateOf(act, seconds) {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  let count = 0;
  for (; performance.now() < until; count += 1) await act();
  return (count * 1_000) / (performance.now() - startedAt);
}

/** @returns what signs a transaction and stores that it did */
async function bareSubject(postgres, ending) {
  await postgres.createDatabase('bare');
  await postgres.execute(
    'bare',
    'CREATE TABLE acts (id uuid PRIMARY KEY, raw text NOT NULL, at timestamptz)',
  );
  const client = new pg.Client({ connectionString: postgres.urlOf('bare') });
  await client.connect();
  ending.before(() => client.end());
  const account = privateKeyToAccount(generatePrivateKey());
  const nonce = counter();
  return async () => {
    const raw = await account.signTransaction({
      ...{ chainId: FREE, type: 'eip1559', to: TO, value: 1n, nonce: nonce(), gas: 21_000n },
      ...{ maxFeePerGas: 2n, maxPriorityFeePerGas: 1n },
    });
    await client.query('INSERT INTO acts VALUES ($1, $2, now())', [randomUUID(), raw]);
  };
}

async function custodySubjects(postgres, folder, ending) {
  const [telegram, user, walletId] = [new FakeTelegram(), aTelegramUser(), randomUUID()];
  const { client, consentSocket } = await startCustody(postgres, folder, telegram, ending);
  const { evmAddress } = await client.create({ callId: randomUUID(), walletId }, 'production');
  const accept = async ({ consent, link }) => {
    const launch = telegram.signInitData({
      ...{ botToken: `${BOT}:${'A'.repeat(35)}`, user, authDate: new Date() },
      startParam: new URL(link).searchParams.get('startapp'),
    });
    const request = encodeFrame({ call: 'accept', consent }, Buffer.from(launch));
    const answer = await exchange(request, connect(consentSocket), START_LIMIT_MS);
    if (answer?.header.ok !== true) throw new Sentence(`custody refuses: ${JSON.stringify(answer?.header)}`);
  };
  await accept(await client.askFor({ callId: randomUUID(), walletId }, 'bind'));
  const signing = (chainId, nonce) => ({
    ...{ chain: `eip155:${chainId}`, address: evmAddress.toLowerCase(), at: Math.floor(Date.now() / 1_000) },
    act: {
      kind: 'transaction',
      transaction: {
        ...{ to: TO, value: '1', data: '0x', nonce, gas: '21000' },
        ...{ maxFeePerGas: '2', maxPriorityFeePerGas: '1' },
      },
    },
  });
  const anAct = () => ({ callId: randomUUID(), walletId });
  const [free, consented] = [counter(), counter()];
  return [
    {
      name: 'custody, without consent',
      act: () => client.sign(anAct(), signing(FREE, free())),
    },
    {
      name: 'custody: asked, accepted, signed',
      act: async () => {
        const wanted = signing(CONSENTED, consented());
        const asked = await client.ask(anAct(), wanted);
        await accept(asked);
        await client.sign(anAct(), wanted, asked.consent);
      },
    },
  ];
}

async function startCustody(postgres, folder, telegram, ending) {
  await postgres.createDatabase('custody');
  const [socket, consentSocket] = ['socket', 'consent'].map((name) => join(folder, name));
  const [keys, rules] = ['keys.json', 'rules.json'].map((name) => join(folder, name));
  const much = { walletPerDay: String(10n ** 30n), allPerHour: String(10n ** 33n) };
  const none = { walletPerDay: '0', allPerHour: '0' };
  writeFileSync(keys, JSON.stringify(generateKeyRing()), { mode: 0o600 });
  writeFileSync(
    rules,
    JSON.stringify({
      assets: [
        { chain: `eip155:${FREE}`, token: null, ...much },
        { chain: `eip155:${CONSENTED}`, token: null, ...none, withConsent: much },
      ],
      consentBots: [
        { environment: 'production', id: BOT, username: 'bench_bot', publicKey: telegram.publicKeyHex },
      ],
    }),
  );
  const child = spawn(inClone('bin', 'countersign-custody'), {
    env: {
      PATH: process.env.PATH,
      ...{ CUSTODY_SOCKET: socket, CUSTODY_CONSENT_SOCKET: consentSocket, CUSTODY_RULES: rules },
      ...{ CUSTODY_OPERATOR_SOCKET: join(folder, 'operator', 'socket'), CUSTODY_KEYS_FILE: keys },
      CUSTODY_DATABASE_URL: await makeCustodyRole(postgres.urlOf('custody')),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ending.before(() => child.kill('SIGKILL'));
  const client = new CustodyClient(socket, 1);
  const until = performance.now() + START_LIMIT_MS;
  while (!(await client.health().catch(() => null))) {
    if (performance.now() > until) throw new Sentence('custody does not answer');
    await wait(50);
  }
  return { client, consentSocket };
}

function counter() {
  let next = 0;
  return () => next++;
}
