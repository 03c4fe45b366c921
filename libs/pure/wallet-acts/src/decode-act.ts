import { createHash } from 'node:crypto';
import { accepted } from '@countersign/errors';
import type { SigningKind } from '@countersign/wallet-keys';
import { readChainId, readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';
import { refusedAct } from './act-refusals';
import { decodeMessage } from './evm/message';
import { decodeTransaction } from './evm/transaction';
import { decodeTypedData } from './evm/typed-data';
import type { Decoded, Meaning } from './meaning';
import { decodeTonData } from './ton/ton-data';
import { decodeTonProof, secondsOf } from './ton/ton-proof';
import type {
  ActContext,
  DecodedAct,
  DecodedActJson,
  UndecodedCall,
  WalletAct,
  WalletActKind,
} from './wallet-act';

const signingKinds: Readonly<Record<WalletActKind, SigningKind>> = {
  message: 'evm-message',
  'typed-data': 'evm-typed-data',
  transaction: 'evm-transaction',
  'ton-proof': 'ton-proof',
  'ton-data': 'ton-data',
};

/**
 * Says which bytes are signed for a request, and what they mean. Refuses what is not well-formed, what is for another domain,
 * wallet or chain, and what cannot be decoded unless the application allows all of it. Nothing in `act` makes it throw.
 *
 * @throws RangeError for a context whose chain, address or instant is none
 */
export function decodeAct(act: WalletAct, context: ActContext): Decoded<DecodedAct> {
  const meaning = meaningOf(act, context);
  if (!meaning.ok) return meaning;
  const { undecoded = [], payload } = meaning.value;
  const refused = undecoded.find((call) => !isAllowed(call, context));
  // Without the contract: it can be the address of a person.
  if (refused) return refusedAct('wallet.act_undecoded', `${refused.method} is not decoded`);
  const { chain, address, now } = context;
  const signingKind = signingKinds[act.kind];
  return accepted({
    ...{ contract: null, domain: null, text: null, spends: [], maxFee: null },
    ...meaning.value,
    ...{ kind: act.kind, chain, address, signingKind, undecoded },
    timestamp: act.kind.startsWith('ton-') ? secondsOf(now) : null,
    digest: digestOf(signingKind, chain, address, payload),
  });
}

/** The act without the bytes to sign, as JSON. Addresses and text in it are personal data. */
export function decodedActJson({ payload: _, digest, ...act }: DecodedAct): DecodedActJson {
  const json = JSON.stringify({ ...act, digest: digest.toString('hex') }, (_name, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return JSON.parse(json) as DecodedActJson;
}

function meaningOf(act: WalletAct, context: ActContext): Decoded<Meaning> {
  const chain = readChainId(context.chain);
  if (!chain.ok || chain.value.id !== context.chain || Number.isNaN(context.now.getTime())) {
    throw new RangeError('the context needs a chain id and an instant');
  }
  const { kind } = act;
  if (kind === 'ton-proof' || kind === 'ton-data') {
    if (chain.value.namespace !== 'ton') return refusedAct('wallet.chain_mismatch');
    const address = readTonAddress(context.address);
    if (!address.ok || address.value.raw !== context.address) throw new RangeError('address must be raw');
    return kind === 'ton-proof'
      ? decodeTonProof(act, context, address.value)
      : decodeTonData(act, context, address.value, chain.value.network);
  }
  if (chain.value.namespace !== 'eip155') return refusedAct('wallet.chain_mismatch');
  const address = readEvmAddress(context.address);
  if (!address.ok || address.value !== context.address) throw new RangeError('address must be in lower case');
  const { chainId } = chain.value;
  switch (kind) {
    case 'message':
      return decodeMessage(act, context, chainId);
    case 'typed-data':
      return decodeTypedData(act, context, chainId);
    case 'transaction':
      return decodeTransaction(act, context, chainId);
  }
}

function isAllowed(call: UndecodedCall, { chain, allowedCalls, undecoded }: ActContext): boolean {
  return (
    undecoded === 'sign' ||
    allowedCalls.some(
      (allowed) =>
        allowed.chain === chain && allowed.contract === call.contract && allowed.method === call.method,
    )
  );
}

/** Each field has its length before it, so that no two acts have the same bytes. */
function digestOf(kind: SigningKind, chain: string, address: string, payload: Buffer): Buffer {
  const hash = createHash('sha256');
  for (const field of ['countersign wallet act', kind, chain, address, payload]) {
    const bytes = Buffer.from(field);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest();
}
