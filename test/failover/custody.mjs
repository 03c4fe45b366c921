import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { built } from '../../bench/product/built.mjs';
import { inClone } from '../../scripts/lib/clone.mjs';

const { generateKeyRing } = built('libs/pure/crypto/src');
const { CustodyClient } = built('libs/wallets/embedded-wallets/src');
const { makeCustodyRole } = built('tools/launcher/src/custody');

const START_LIMIT_MS = 30_000;

/** Starts custody and its reader as they are shipped, and waits until custody answers. Its socket is in the folder. @param rpcUrls of the chain */
export async function startCustody(url, folder, ending, rpcUrls) {
  mkdirSync(folder, { mode: 0o700 });
  const [socket, keys, rules] = ['socket', 'keys.json', 'rules.json'].map((name) => join(folder, name));
  const much = { walletPerDay: String(10n ** 30n), allPerHour: String(10n ** 33n) };
  const chain = 'eip155:31337';
  const chains = [{ chain, rpcUrls }];
  writeFileSync(rules, JSON.stringify({ chains, assets: [{ chain, token: null, ...much }] }), {
    mode: 0o600,
  });
  writeFileSync(keys, JSON.stringify(generateKeyRing()), { mode: 0o600 });
  const child = spawn(inClone('bin', 'countersign-custody'), {
    env: {
      PATH: process.env.PATH,
      CUSTODY_SOCKET: socket,
      CUSTODY_OPERATOR_SOCKET: join(folder, 'operator', 'socket'),
      CUSTODY_READER_SOCKET: join(folder, 'reader'),
      CUSTODY_KEYS_FILE: keys,
      CUSTODY_RULES: rules,
      CUSTODY_DATABASE_URL: await makeCustodyRole(url),
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ending.before(() => child.kill('SIGKILL'));
  const reader = spawn(inClone('bin', 'countersign-custody'), ['reader'], {
    env: { PATH: process.env.PATH, CUSTODY_READER_SOCKET: join(folder, 'reader'), LOG_LEVEL: 'silent' },
    stdio: 'ignore',
  });
  ending.before(() => reader.kill('SIGKILL'));
  const client = new CustodyClient(socket, 1);
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
