import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { readOperatorSocket } from '@countersign/config';
import { encodeFrame, FrameReader, type Call } from '@countersign/custody-protocol';
import { rulesInWords } from './rules/rules';
import { readRulesFile } from './rules/rules-file';

const HELP = `countersign-custody                            runs custody
countersign-custody check <file>               says what a file of rules allows
countersign-custody restore-wallet <walletId>  takes back, within a week, that a wallet was destroyed
`;

/**
 * A command of the operator: `check` by itself, others at the socket of the custody process that runs.
 *
 * @returns the exit code
 * @throws ConfigurationError; Error in a sentence where no process listens, or the rules are refused
 */
export async function runCommand(
  [command, walletId = '', ...more]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  if (command === 'check' && walletId !== '' && more.length === 0) {
    process.stdout.write(`${rulesInWords(readRulesFile(walletId).rules).join('\n')}\n`);
    return 0;
  }
  if (command !== 'restore-wallet' || walletId === '' || more.length > 0) {
    process.stderr.write(HELP);
    return 2;
  }
  const refusal = await ask(readOperatorSocket(environment), {
    call: 'restore',
    callId: randomUUID(),
    walletId,
  });
  if (refusal === null) process.stdout.write(`The wallet ${walletId} is as before.\n`);
  else process.stderr.write(`custody refuses it: ${refusal}\n`);
  return refusal === null ? 0 : 1;
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
