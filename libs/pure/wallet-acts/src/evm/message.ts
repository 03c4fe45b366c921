import { accepted } from '@countersign/errors';
import { decodeUtf8, foldConfusables, parseUrl } from '@countersign/text';
import { readSiweMessage } from '@countersign/wallet-proofs';
import { refusedAct } from '../act-refusals';
import { hexBytes, isReadable } from '../fields';
import type { Decoded, Meaning } from '../meaning';
import type { ActContext, MessageAct } from '../wallet-act';

const MAX_MESSAGE_BYTES = 16_384;
/** A message of this length is refused by custody too. */
const DIGEST_BYTES = 32;

/** Letters of EIP-4361, and of its relatives for other chains (CAIP-122). */
const SIGN_IN = 'wantsyoutosigninwithyour';
/** Of Metapro's web3 login: it names no domain, so it may sign in anywhere. */
const METAPRO = 'pleasesigntoletusverifythatyouaretheownerofthisaddress';

/** Reads a message of EIP-191, which has to be text. A sign-in has to be one of the application, for this wallet. */
export function decodeMessage(act: MessageAct, context: ActContext, chainId: number): Decoded<Meaning> {
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

/** The domain of the application that the message signs this wallet in at; null for another sign-in. */
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
