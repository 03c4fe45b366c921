import { readTonTransfer, sendOf } from '@countersign/ton-sends';
import { decodedActJson, type DecodedAct } from '@countersign/wallet-acts';
import { parseTransaction } from 'viem/utils';

/**
 * Whether what is to be signed is what was consented to. Nonce and fee of a transaction are chosen when it is signed, the fee at most the
 * one that was shown; of a transfer of TON what it moves and says is the same, and of anything else all bytes.
 */
export function isWithin(consented: DecodedAct, act: DecodedAct): boolean {
  const isSameWallet = consented.chain === act.chain && consented.address === act.address;
  if (!isSameWallet || consented.signingKind !== act.signingKind) return false;
  if ((act.maxFee ?? 0n) > (consented.maxFee ?? 0n)) return false;
  switch (act.signingKind) {
    case 'evm-transaction':
      return callIn(consented) === callIn(act);
    case 'ton-transaction':
      return movesOf(consented) === movesOf(act);
    default:
      return consented.payload.equals(act.payload);
  }
}

function callIn({ payload }: DecodedAct): string {
  const { to = null, value = 0n, data = '0x' } = parseTransaction(`0x${payload.toString('hex')}`);
  return [to, value, data].join('/').toLowerCase();
}

/** But for what the service chooses anew: the query id, and whether coins bounce. */
function movesOf(act: DecodedAct): string {
  const messages = readTonTransfer(act.payload)?.messages ?? [];
  const sends = messages.map((message) => ({ ...sendOf(message), queryId: null, bounce: null }));
  return JSON.stringify([decodedActJson(act).spends, sends], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
