import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { readOperatorConfiguration } from '@countersign/runtime';
import {
  commandOf,
  CUSTODY_HELP,
  encodeFrame,
  exchange,
  NO_WALLET,
  type AskedWayOut,
  type Unsettled,
} from '@countersign/custody-protocol';
import { MAX_UNSETTLED, rulesInWords } from '@countersign/custody-rules';
import { readRulesFile } from './allowance';
import { joinRing, splitRing } from './ring';

const TIMEOUT_MS = 30_000;

/** A plain transfer of coins on Ethereum uses this gas. Other chains may need more. */
const GAS_OF_TRANSFER = '21000';

export async function runCommand(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const [command = '', ...rest] = words;
  const [file = ''] = rest;
  if (command === 'check' && rest.length === 1) {
    process.stdout.write(`${rulesInWords(readRulesFile(file, false).rules).join('\n')}\n`);
    return 0;
  }
  if (command === 'restore-keys' && rest.length === 0) return restoreKeys(environment);
  if (command === 'way-out' && rest.length === 0) return listWaysOut(environment);
  if (command === 'ring' && file === 'join') {
    await joinRing(rest.slice(1));
    return 0;
  }
  if ((command === 'unsettled' && rest.length === 0) || (command === 'cancel' && rest.length <= 2))
    return listUnsettled(environment, command === 'cancel' ? rest : null);
  const isSplit = command === 'ring' && file === 'split';
  const known = commandOf(isSplit ? [command, await splitRing(rest.slice(1))] : words);
  if (!known) {
    process.stderr.write(CUSTODY_HELP);
    return 2;
  }
  const { operatorSocket } = readOperatorConfiguration(environment);
  const { ok, code, body } = await ask(operatorSocket, { ...known.call, callId: randomUUID() });
  if (ok) process.stdout.write(`${known.done || body}\n`);
  else process.stderr.write(`custody refuses it: ${code}\n`);
  return ok ? 0 : 1;
}

async function restoreKeys(environment: NodeJS.ProcessEnv): Promise<number> {
  const { operatorSocket, copy } = readOperatorConfiguration(environment);
  if (copy === null) throw new Error('CUSTODY_COPY is missing: the folder of the copies');
  let count = 0;
  let refused = '';
  for (const name of readdirSync(copy)) {
    const [, walletId] = /^([0-9a-f-]{36})\.json$/.exec(name) ?? [];
    if (walletId === undefined) continue;
    const call = { call: 'restore-key', callId: randomUUID(), walletId };
    const { ok, code, isNew } = await ask(operatorSocket, call);
    if (!ok) refused += `${walletId}: custody refuses it: ${code}\n`;
    else if (isNew === true) count += 1;
  }
  process.stdout.write(`${count} wallets are back.\n`);
  process.stderr.write(refused);
  return refused === '' ? 0 : 1;
}

async function listWaysOut(environment: NodeJS.ProcessEnv): Promise<number> {
  const body = await answered(readOperatorConfiguration(environment).operatorSocket, { call: 'ways-out' });
  for (const { walletId, readyAt, openedAt } of JSON.parse(body) as readonly AskedWayOut[])
    process.stdout.write(
      `${walletId}: ${openedAt === null ? `from ${readyAt}` : `open since ${openedAt}`}\n`,
    );
  return 0;
}

/** @param fee price and gas of the transaction that replaces each nonce. Null: the command only lists */
async function listUnsettled(environment: NodeJS.ProcessEnv, fee: readonly string[] | null): Promise<number> {
  const { operatorSocket } = readOperatorConfiguration(environment);
  const [price = '0', gas = GAS_OF_TRANSFER] = fee ?? [];
  let exitCode = 0;
  for (let after: string | undefined = NO_WALLET; after !== undefined;) {
    const body = await answered(operatorSocket, { call: 'unsettled', after });
    const some = JSON.parse(body) as readonly Unsettled[];
    for (const one of some) {
      const { walletId, chain: on, next, highest } = one;
      if (!fee) process.stdout.write(`${JSON.stringify(one)}\n`);
      // No chain takes a later nonce before all of these.
      const last = Math.min(highest ?? -1, (next ?? 0) + MAX_UNSETTLED - 1);
      for (let nonce = next ?? 0; fee && nonce <= last; nonce += 1) {
        const call = { call: 'cancel', callId: randomUUID(), walletId, on, nonce, price, gas };
        const answer = await ask(operatorSocket, call);
        if (answer.ok) process.stdout.write(`${answer.body}\n`);
        else process.stderr.write(`${walletId} ${on} ${nonce}: custody refuses it: ${answer.code}\n`);
        if (!answer.ok) exitCode = 1;
      }
    }
    after = some.at(-1)?.walletId;
  }
  return exitCode;
}

interface Answer {
  readonly ok: boolean;
  readonly code?: string;
  readonly isNew?: boolean;
  readonly body: string;
}

async function ask(path: string, call: object): Promise<Answer> {
  const frame = await exchange(encodeFrame(call, Buffer.alloc(0)), connect(path), TIMEOUT_MS);
  if (!frame) throw new Error(`no custody process answers at ${path}`);
  return { ...(frame.header as Answer), body: frame.body.toString('utf8') };
}

export async function answered(path: string, call: object): Promise<string> {
  const { ok, code, body } = await ask(path, call);
  if (!ok) throw new Error(`custody refuses it: ${code}`);
  return body;
}
