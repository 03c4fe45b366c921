/**
 * What an endpoint says of a message that it did not take. It decides nothing: the message may have gone by another one.
 * - `seqno-used`: the wallet is past this seqno, as also for a repeated message
 * - `expired`: its time is over
 * - `no-coins`: the account cannot pay the fee of the message
 * - `refused`: the wallet never takes it: signature, wallet id, signatures switched off
 * - `unknown`: all other texts, such as those of an endpoint that is overloaded
 */
export type TonBroadcastRefusal = 'seqno-used' | 'expired' | 'no-coins' | 'refused' | 'unknown';

/**
 * Exit codes of the contract v5r1.
 * @see https://github.com/ton-blockchain/wallet-contract-v5/blob/main/contracts/wallet_v5.fc `error::`
 */
const EXIT_CODES: ReadonlyMap<string, TonBroadcastRefusal> = new Map([
  ['132', 'refused'],
  ['133', 'seqno-used'],
  ['134', 'refused'],
  ['135', 'refused'],
  ['136', 'expired'],
]);

/** @param text of toncenter and other software around a liteserver */
export function readTonBroadcastRefusal(text: string): TonBroadcastRefusal {
  if (!text.includes('inbound external message rejected by')) return 'unknown';
  if (text.includes('before smart-contract execution')) return 'no-coins';
  const [, exitCode = ''] = /\bexitcode=(\d{1,10})\b/.exec(text) ?? [];
  return EXIT_CODES.get(exitCode) ?? 'unknown';
}
