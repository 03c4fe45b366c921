import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { accepted, decodeUtf8, foldConfusables, parseUrl } from '@countersign/text';
import type { SigningKind } from '@countersign/wallet-keys';
import { readChainId, readEvmAddress, readTonAddress, readSiweMessage } from '@countersign/wallet-proofs';
import { refusedAct } from './act-refusals';
import { decodeTransaction } from './evm/transaction';
import { decodeTypedData } from './evm/typed-data';
import type { Decoded, Meaning } from './meaning';
import { decodeTonProof, secondsOf, decodeTonTransfer } from './ton/ton-acts';
import type {
  ActContext,
  DecodedAct,
  DecodedActJson,
  UndecodedCall,
  WalletAct,
  WalletActKind,
  MessageAct,
} from './wallet-act';
import { hexBytes, isReadable } from './fields';

const MAX_MESSAGE_BYTES = 16_384;
/** Custody also refuses messages of this length. */
const DIGEST_BYTES = 32;

/** Letters of EIP-4361, and of its relatives for other chains (CAIP-122). */
const SIGN_IN = 'wantsyoutosigninwithyour';
/** Letters of Metapro's web3 login: it names no domain, so it may sign in anywhere. */
const METAPRO = 'pleasesigntoletusverifythatyouaretheownerofthisaddress';

/**
 * Messages that are keys or logins at services which name no chain or contract: zkSync Lite, Loopring, Immutable X,
 * StarkEx, dYdX, OpenSea and relatives. Texts differ by version, so a name or warning is enough.
 */
const KEY_ELSEWHERE =
  /zksync|zklink|loopring|immutablex|stark(?:ex|key|net|ware)|dydx|opensea|onlysign(?:th|on)|trustedclient/;

/** Reads EIP-191 text. A sign-in must be for a domain of the application, and for this wallet. */
function decodeMessage(act: MessageAct, context: ActContext, chainId: number): Decoded<Meaning> {
  const { message, encoding } = act;
  if (message.length > 2 + 2 * MAX_MESSAGE_BYTES) return refusedAct('wallet.act_too_large');
  const payload = encoding === 'text' ? Buffer.from(message) : hexBytes(message);
  if (payload === null) return refusedAct('wallet.act_malformed');
  if (payload.length > MAX_MESSAGE_BYTES) return refusedAct('wallet.act_too_large');
  if (payload.length === DIGEST_BYTES) return refusedAct('wallet.digest_refused');
  const text = encoding === 'text' ? message : decodeUtf8(payload);
  if (text === undefined || !isReadable(text)) return refusedAct('wallet.message_unreadable');

  const letters = foldConfusables(text).replaceAll(/[^\p{L}\p{N}]+/gu, '');
  if (letters.includes(METAPRO)) return refusedAct('wallet.foreign_sign_in');
  if (KEY_ELSEWHERE.test(letters)) {
    const summary = [
      'Sign a text that is a key or a login at another service, and may move what you have there.',
    ];
    return accepted({ payload, text, method: 'key-elsewhere', summary });
  }
  if (!letters.includes(SIGN_IN)) {
    return accepted({ payload, text, method: null, summary: ['Sign the text of a message.'] });
  }
  const domain = ownSignIn(text, context, chainId);
  if (domain === null) return refusedAct('wallet.foreign_sign_in');
  return accepted({
    ...{ payload, text, domain, method: 'sign-in' },
    summary: [`Sign in at ${domain} with this wallet.`],
  });
}

/** The application's domain in a sign-in of this wallet; null for another sign-in. */
function ownSignIn(text: string, { address, domains }: ActContext, chainId: number): string | null {
  const read = readSiweMessage(text);
  if (!read.ok) return null;
  const { domain, uri, scheme = 'https' } = read.value;
  const isOwn =
    domains.includes(domain) &&
    domains.includes(parseUrl(uri)?.host ?? '') &&
    scheme === 'https' &&
    read.value.address.toLowerCase() === address &&
    read.value.chainId === chainId;
  return isOwn ? domain : null;
}

const signingKinds: Readonly<Record<WalletActKind, SigningKind>> = {
  message: 'evm-message',
  'typed-data': 'evm-typed-data',
  transaction: 'evm-transaction',
  'ton-proof': 'ton-proof',
  'ton-transfer': 'ton-transaction',
};

/**
 * Returns the bytes to sign and their meaning. Refuses malformed requests, another domain, wallet or chain, and
 * undecoded calls that are not all allowed. `act` cannot make it throw. @throws RangeError for an invalid chain,
 * address or instant
 */
export function decodeAct(act: WalletAct, context: ActContext): Decoded<DecodedAct> {
  const meaning = meaningOf(act, context);
  if (!meaning.ok) return meaning;
  const { undecoded = [], payload } = meaning.value;
  const refused = undecoded.find((call) => !isAllowed(call, context));
  // The contract is not named: it can be the address of a person.
  if (refused) return refusedAct('wallet.act_undecoded', `${refused.method} is not decoded`);
  const { chain, address, now } = context;
  const signingKind = signingKinds[act.kind];
  return accepted({
    ...{ contract: null, domain: null, text: null, spends: [], maxFee: null },
    ...meaning.value,
    ...{
      kind: act.kind === 'ton-transfer' ? 'transaction' : act.kind,
      chain,
      address,
      signingKind,
      undecoded,
    },
    timestamp: act.kind === 'ton-proof' ? secondsOf(now) : null,
    digest: sha256(lengthPrefixed(['countersign wallet act', signingKind, chain, address, payload])),
  });
}

/** The act as JSON, without the bytes to sign. Its addresses and text are personal data. */
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
  if (kind === 'ton-proof' || kind === 'ton-transfer') {
    if (chain.value.namespace !== 'ton') return refusedAct('wallet.chain_mismatch');
    const address = readTonAddress(context.address);
    if (!address.ok || address.value.raw !== context.address) throw new RangeError('address must be raw');
    return kind === 'ton-proof'
      ? decodeTonProof(act, context, address.value)
      : decodeTonTransfer(act, context);
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
