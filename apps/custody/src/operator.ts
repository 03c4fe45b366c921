import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { readOperatorConfiguration } from '@countersign/config';
import { encodeFrame, FrameReader, type AskedWayOut, type Call } from '@countersign/custody-protocol';
import { rulesInWords } from '@countersign/custody-rules';
import { readRulesFile } from './rules/rules-file';

const HELP = `countersign-custody                            runs custody
countersign-custody check <file>               says what a file of rules allows
countersign-custody brake [reason]             stops all wallets: nothing is signed, and no words are shown
countersign-custody release                    lets wallets act again
countersign-custody freeze <walletId>          stops a wallet
countersign-custody unfreeze <walletId>        lets a wallet act again
countersign-custody bind <walletId> <userId>   makes a wallet that of a person at Telegram, by their number there
countersign-custody way-out                    says which ways out were asked for
countersign-custody way-out <walletId>         opens one, a week later: what goes there needs no consent
countersign-custody restore-wallet <walletId>  takes back, within a week, that a wallet was destroyed
countersign-custody restore-keys               puts back what CUSTODY_COPY has and the database has lost
`;

/**
 * A command of the operator: `check` by itself, others at the socket of the custody process that runs.
 *
 * @returns the exit code
 * @throws ConfigurationError; Error in a sentence where no process listens, or the rules are refused
 */
export async function runCommand(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const [command, first = '', ...more] = words;
  if (command === 'check' && first !== '' && more.length === 0) {
    process.stdout.write(`${rulesInWords(readRulesFile(first).rules).join('\n')}\n`);
    return 0;
  }
  const asked = callOf(words);
  if (command === 'restore-keys' && words.length === 1) return restoreKeys(environment);
  if (command === 'way-out' && words.length === 1) return listWaysOut(environment);
  if (!asked) {
    process.stderr.write(HELP);
    return 2;
  }
  const { operatorSocket } = readOperatorConfiguration(environment);
  const [call, done] = asked;
  const { ok, code } = await ask(operatorSocket, call);
  if (ok) process.stdout.write(`${done}\n`);
  else process.stderr.write(`custody refuses it: ${code}\n`);
  return ok ? 0 : 1;
}

/** Has custody put back each wallet of the copies that its database has lost. */
async function restoreKeys(environment: NodeJS.ProcessEnv): Promise<number> {
  const { operatorSocket, copy } = readOperatorConfiguration(environment);
  if (copy === null) throw new Error('CUSTODY_COPY is missing: the folder of the copies');
  const refused = new Map<string, string>();
  let count = 0;
  for (const name of readdirSync(copy)) {
    const [, walletId] = /^([0-9a-f-]{36})\.json$/.exec(name) ?? [];
    if (walletId === undefined) continue;
    const answer = await ask(operatorSocket, { call: 'restore-key', callId: randomUUID(), walletId });
    if (!answer.ok) refused.set(walletId, answer.code ?? '');
    else if (answer.isNew === true) count += 1;
  }
  process.stdout.write(`${count} wallets are back.\n`);
  for (const [walletId, code] of refused) process.stderr.write(`${walletId}: custody refuses it: ${code}\n`);
  return refused.size === 0 ? 0 : 1;
}

async function listWaysOut(environment: NodeJS.ProcessEnv): Promise<number> {
  const { body } = await ask(readOperatorConfiguration(environment).operatorSocket, { call: 'ways-out' });
  for (const { walletId, readyAt, openedAt } of JSON.parse(body) as readonly AskedWayOut[])
    process.stdout.write(
      `${walletId}: ${openedAt === null ? `from ${readyAt}` : `open since ${openedAt}`}\n`,
    );
  return 0;
}

/** The call of a command for one wallet, and what has become of it. */
const OF_WALLET = new Map([
  ['freeze', { call: 'freeze', done: 'is stopped' }],
  ['unfreeze', { call: 'unfreeze', done: 'acts again' }],
  ['way-out', { call: 'open-way-out', done: 'may send everything to its way out' }],
  ['restore-wallet', { call: 'restore', done: 'is as before' }],
] as const);

/** @returns the call, and what it has done in words; null for no command */
function callOf([command = '', ...words]: readonly string[]): readonly [call: Call, done: string] | null {
  const callId = randomUUID();
  if (command === 'brake') {
    const reason = words.join(' ') || 'operator';
    return [
      { call: command, callId, reason },
      'All wallets are stopped, until `countersign-custody release`.',
    ];
  }
  if (command === 'release' && words.length === 0) return [{ call: command, callId }, 'Wallets act again.'];
  if (command === 'bind' && words.length === 2) {
    const [id = '', userId = ''] = words;
    return [{ call: command, callId, walletId: id, userId }, `The wallet ${id} is that of ${userId}.`];
  }
  const ofWallet = OF_WALLET.get(command as 'freeze');
  const [walletId, ...more] = words;
  if (!ofWallet || !walletId || more.length > 0) return null;
  return [{ call: ofWallet.call, callId, walletId }, `The wallet ${walletId} ${ofWallet.done}.`];
}

interface Answer {
  readonly ok: boolean;
  readonly code?: string;
  readonly isNew?: boolean;
  /** Beside its fields. */
  readonly body: string;
}

function ask(path: string, call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const reader = new FrameReader();
    const socket = connect(path);
    const fail = (): void => reject(new Error(`no custody process answers at ${path}`));
    socket.once('error', fail).once('close', fail);
    socket.on('data', (chunk) => {
      try {
        const frame = reader.push(chunk);
        if (frame) resolve({ ...(frame.header as Answer), body: frame.body.toString('utf8') });
      } catch {
        fail();
      }
    });
    socket.write(encodeFrame(call, Buffer.alloc(0)));
  });
}
