import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { readOperatorSocket } from '@countersign/config';
import { encodeFrame, FrameReader, type Call } from '@countersign/custody-protocol';
import { rulesInWords } from './rules/rules';
import { readRulesFile } from './rules/rules-file';

const HELP = `countersign-custody                            runs custody
countersign-custody check <file>               says what a file of rules allows
countersign-custody brake [reason]             stops all wallets: nothing is signed, and no words are shown
countersign-custody release                    lets wallets act again
countersign-custody freeze <walletId>          stops a wallet
countersign-custody unfreeze <walletId>        lets a wallet act again
countersign-custody restore-wallet <walletId>  takes back, within a week, that a wallet was destroyed
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
  if (!asked) {
    process.stderr.write(HELP);
    return 2;
  }
  const refusal = await ask(readOperatorSocket(environment), asked.call);
  if (refusal === null) process.stdout.write(`${asked.done}\n`);
  else process.stderr.write(`custody refuses it: ${refusal}\n`);
  return refusal === null ? 0 : 1;
}

/** @returns the call, and what it does in words; null for no command */
function callOf([command, ...words]: readonly string[]): {
  readonly call: Call;
  readonly done: string;
} | null {
  const [walletId = '', ...more] = words;
  const callId = randomUUID();
  if (command === 'brake')
    return {
      call: { call: 'brake', callId, reason: words.join(' ') || 'operator' },
      done: 'All wallets are stopped, until `countersign-custody release`.',
    };
  if (command === 'release' && words.length === 0)
    return { call: { call: 'release', callId }, done: 'Wallets act again.' };
  if (walletId === '' || more.length > 0) return null;
  if (command === 'freeze')
    return { call: { call: 'freeze', callId, walletId }, done: `The wallet ${walletId} is stopped.` };
  if (command === 'unfreeze')
    return { call: { call: 'unfreeze', callId, walletId }, done: `The wallet ${walletId} acts again.` };
  if (command === 'restore-wallet')
    return { call: { call: 'restore', callId, walletId }, done: `The wallet ${walletId} is as before.` };
  return null;
}

/** @returns why it is refused, or null */
function ask(path: string, call: Call): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const reader = new FrameReader();
    const socket = connect(path);
    const fail = (): void => reject(new Error(`no custody process answers at ${path}`));
    socket.once('error', fail).once('close', fail);
    socket.on('data', (chunk) => {
      try {
        const answer = reader.push(chunk)?.header as { ok: boolean; code: string } | undefined;
        if (answer) resolve(answer.ok ? null : answer.code);
      } catch {
        fail();
      }
    });
    socket.write(encodeFrame(call, Buffer.alloc(0)));
  });
}
