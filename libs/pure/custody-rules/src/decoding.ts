import { jettonWalletOf } from '@countersign/transfers';
import { decodeAct, type DecodedAct } from '@countersign/wallet-acts';
import { Refused, type Signing } from '@countersign/custody-protocol';
import type { Rules } from './rules';
import { WAY_OUT } from './way-out';

/** The latest instant that `ton_proof` may state. */
const MAX_AHEAD_MS = 600_000;

/** Decodes an act by the operator's rules. Its bytes are signed. @throws Refused `act_refused`, `malformed` */
export function decodeSigning(
  { chain, address, at, act }: Signing,
  { assets, domains, calls, undecoded }: Rules,
  now: Date,
): DecodedAct {
  if (act.kind === 'ton-proof' && at * 1_000 > now.getTime() + MAX_AHEAD_MS)
    throw new Refused('act_refused', { reason: 'wallet.act_malformed' });
  let read;
  try {
    const jettons = jettonsOf(assets, chain, address);
    const context = { chain, address, now: new Date(at * 1_000), domains, undecoded, jettons };
    read = decodeAct(act, { ...context, allowedCalls: calls });
  } catch (error) {
    if (error instanceof RangeError) throw new Refused('malformed');
    throw error;
  }
  if (!read.ok) throw new Refused('act_refused', { reason: read.code });
  // An embedded wallet cannot be the way out of another one: the API could ask with it.
  if (read.value.text?.startsWith(WAY_OUT) === true)
    throw new Refused('act_refused', { reason: 'wallet.foreign_sign_in' });
  return read.value;
}

/** The jetton wallets of an owner and their masters. They are computed, so that no caller can name another contract. */
function jettonsOf(assets: Rules['assets'], chain: string, owner: string): ReadonlyMap<string, string> {
  return new Map(
    assets.flatMap(({ chain: of, token, jetton }) =>
      of === chain && jetton && token !== null ? [[jettonWalletOf(jetton, owner, token), token]] : [],
    ),
  );
}
