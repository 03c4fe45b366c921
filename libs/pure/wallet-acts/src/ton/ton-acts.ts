import { accepted } from '@countersign/text';
import { tonProofMessage, type TonAddress } from '@countersign/wallet-proofs';
import { readTonTransfer, sendOf, type TonMessage } from '@countersign/transfers';
import { refusedAct } from '../act-refusals';
import { base64Bytes, isReadable } from '../fields';
import { coinSpend, sentencesOf, shownAddress, type Decoded, type Meaning } from '../meaning';
import type { ActContext, DecodedAct, Spend, TonProofAct, TonTransferAct } from '../wallet-act';

const MAX_PAYLOAD_BYTES = 2_048;
/** Per message, in nanocoins. The bytes of a message do not limit the network's fee. */
const MAX_FEE = 50_000_000n;
/** Nanocoins that notify the new owner. A larger amount would go to them and not come back. */
const MAX_FORWARDED = 1n;

/**
 * Reads the request of a `ton_proof`, which shows the wallet to the asking service. So its domain must be the
 * application's.
 * @see https://github.com/ton-blockchain/ton-connect/blob/main/requests-responses.md Address proof signature
 */
export function decodeTonProof(act: TonProofAct, context: ActContext, address: TonAddress): Decoded<Meaning> {
  const { domain, payload } = act;
  if (!context.domains.includes(domain)) return refusedAct('wallet.foreign_domain');
  if (!payload.isWellFormed()) return refusedAct('wallet.act_malformed');
  if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) return refusedAct('wallet.act_too_large');
  const timestamp = secondsOf(context.now);
  const isText = isReadable(payload);
  return accepted({
    ...{ payload: tonProofMessage({ address, domain, timestamp, payload }), method: 'sign-in', domain },
    text: isText ? payload : Buffer.from(payload).toString('hex'),
    summary: [
      `Prove at ${domain} that this wallet is yours.`,
      ...(isText ? [] : ['What the site added is no readable text: it is shown in hexadecimal.']),
    ],
  });
}

export function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/**
 * Reads a transfer from the bytes that custody signs. Refuses another network, undecoded messages, coins that would not
 * return to the wallet, and unreadable comments. In `spends`, attached coins follow each jetton or collectible
 * (TEP-62); their rest returns.
 */
export function decodeTonTransfer(
  { payload: base64 }: TonTransferAct,
  { chain, address, jettons = new Map() }: ActContext,
): Decoded<Meaning> {
  const payload = base64Bytes(base64);
  const transfer = payload && readTonTransfer(payload);
  if (!transfer) return refusedAct('wallet.act_malformed');
  const { network, messages } = transfer;
  if (chain !== `ton:${network}`) return refusedAct('wallet.chain_mismatch');
  const read = messages.flatMap((message) => meaningOf(message, chain, address, jettons) ?? []);
  if (read.length < messages.length) return refusedAct('wallet.act_undecoded', 'a message is not decoded');
  const comments = read.flatMap(({ comment }) => comment ?? []);
  if (!comments.every(isReadable)) return refusedAct('wallet.message_unreadable');
  const spends = read.flatMap((one) => one.spends);
  const master = spends.find(({ token, isCollectible }) => token !== null && !isCollectible)?.token ?? null;
  return accepted({
    ...{ payload, text: comments.join('\n') || null, maxFee: BigInt(messages.length) * MAX_FEE },
    ...{ contract: master, method: master === null ? null : 'transfer' },
    spends,
    summary: read.flatMap(({ summary }) => summary),
  });
}

interface SendMeaning extends Pick<DecodedAct, 'spends' | 'summary'> {
  readonly comment: string | null;
}

function meaningOf(
  message: TonMessage,
  chain: string,
  address: string,
  masters: ReadonlyMap<string, string>,
): SendMeaning | null {
  const send = sendOf(message);
  if (!send) return null;
  const coins = coinSpend(message.value, address, message.to);
  if (send.kind === 'coin') {
    const summary = sentencesOf([coins], [], chain);
    return { comment: send.comment, spends: [coins], summary };
  }
  // A master is no jetton wallet: it must not pass as one whose master is itself.
  const isMaster = send.kind === 'jetton' && [...masters.values()].includes(message.to);
  if (send.responseTo !== address || send.forward > MAX_FORWARDED || isMaster) return null;
  const spend: Spend =
    send.kind === 'jetton'
      ? { ...coins, token: masters.get(message.to) ?? message.to, to: send.to, amount: send.amount }
      : { ...coins, token: send.item, to: send.to, amount: 1n, isCollectible: true };
  return {
    comment: send.kind === 'jetton' ? send.comment : null,
    spends: [spend, coins],
    summary: [
      ...(send.kind === 'jetton'
        ? sentencesOf([spend], [], chain)
        : [`Send the collectible ${shownAddress(send.item, chain)} to ${shownAddress(send.to, chain)}.`]),
      ...sentencesOf([coins], [], chain),
      'What is left of these coins comes back.',
    ],
  };
}
