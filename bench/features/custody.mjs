import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { toHex } from 'viem';
import { english, generateMnemonic, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { inClone } from '../../scripts/lib/clone.mjs';
import { print } from '../frame.mjs';
import { built, builtFile } from '../product/built.mjs';
import { median } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';

const { generateKeyRing } = built('libs/pure/crypto/src');
const { startPrivatePostgres } = built('tools/private-postgres/src');
const { makeCustodyRole } = builtFile('tools/launcher/src/custody');

/** Of the rate of viem with one insert. */
const TARGET = 0.25;
const CALLS = 200;
const MESSAGE = Buffer.from('I agree.');
const START_LIMIT_MS = 30_000;

/** Wallets that are made and messages that are signed in a second: by custody, and by viem in this process with one insert each. */
export async function useWalletKeys({ folder, rounds, smoke, ending }) {
  const postgres = await startPrivatePostgres({
    ...{ baseDirectory: join(folder, 'postgres'), durability: 'durable', log: () => undefined },
  });
  ending.before(() => postgres.stop());
  const custody = await startCustody(postgres.url, join(folder, 'custody'), ending);
  const bare = await openBare(postgres.url);
  const calls = smoke ? 5 : CALLS;
  const figures = [];
  for (const act of ['create', 'sign'])
    for (const callers of [1, 8]) {
      const rates = { custody: [], viem: [] };
      // In turns: both meet the same noise of the machine.
      for (let round = 0; round < rounds; round += 1) {
        rates.custody.push(await rateOf(custody[act], calls, callers));
        rates.viem.push(await rateOf(bare[act], calls, callers));
      }
      const [ours, theirs] = [median(rates.custody), median(rates.viem)];
      figures.push({ act, callers, ours, theirs, ratio: ours / theirs });
    }
  print(
    tableOf(figures, {
      'act, callers at a time': ({ act, callers }) => `${act}, ${callers}`,
      ' custody, per second': ({ ours }) => Math.round(ours),
      ' viem and one insert': ({ theirs }) => Math.round(theirs),
      ' of it': ({ ratio }) => ratio.toFixed(2),
    }),
  );
  await bare.close();
  if (smoke) return [];
  return figures
    .filter(({ ratio }) => ratio < TARGET)
    .map(
      ({ act, callers, ratio }) =>
        `custody: ${act} by ${callers} has ${ratio.toFixed(2)} of viem, not ${TARGET}`,
    );
}

/** Of calls by so many callers at a time. @returns {Promise<number>} calls in a second */
export async function rateOf(work, calls, callers) {
  const start = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let call = caller; call < calls; call += callers) await work(call);
    }),
  );
  return (calls * 1_000) / (performance.now() - start);
}

/** The real process, by its program. Its socket is in the folder. */
export async function startCustody(url, folder, ending) {
  mkdirSync(folder, { mode: 0o700 });
  const [socket, keys] = [join(folder, 'socket'), join(folder, 'keys.json')];
  writeFileSync(keys, JSON.stringify(generateKeyRing()), { mode: 0o600 });
  const child = spawn(inClone('bin', 'countersign-custody'), {
    env: {
      PATH: process.env.PATH,
      CUSTODY_SOCKET: socket,
      CUSTODY_KEYS_FILE: keys,
      CUSTODY_DATABASE_URL: await makeCustodyRole(url),
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ending.before(() => child.kill('SIGKILL'));
  const { CustodyClient } = built('libs/wallets/custody-client/src');
  const client = new CustodyClient(socket);
  await untilItAnswers(client);
  const walletId = randomUUID();
  await client.create({ callId: randomUUID(), walletId });
  return {
    create: () => client.create({ callId: randomUUID(), walletId: randomUUID() }),
    sign: () => client.sign({ callId: randomUUID(), walletId }, 'evm-message', MESSAGE),
  };
}

async function untilItAnswers(client) {
  const until = performance.now() + START_LIMIT_MS;
  for (;;) {
    try {
      return await client.health();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(50);
    }
  }
}

/** What a service without custody would do: the key of an account, or a signature, and a row. */
async function openBare(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 8 });
  await pool.query('CREATE TABLE bare (id uuid PRIMARY KEY, value text NOT NULL)');
  const insert = (value) => pool.query('INSERT INTO bare VALUES ($1, $2)', [randomUUID(), value]);
  const account = privateKeyToAccount(toHex(randomBytes(32)));
  return {
    create: async () => insert(mnemonicToAccount(generateMnemonic(english)).address),
    sign: async () => insert(await account.signMessage({ message: { raw: MESSAGE } })),
    close: () => pool.end(),
  };
}
