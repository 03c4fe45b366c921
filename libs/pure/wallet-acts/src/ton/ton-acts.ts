import { accepted } from '@countersign/errors';
import { tonProofMessage, type TonAddress } from '@countersign/wallet-proofs';
import { readTonTransfer, sendOf, type TonMessage } from '@countersign/ton-sends';
import { refusedAct } from '../act-refusals';
import { isReadable } from '../fields';
import { coinSpend, sentencesOf, shownAddress, type Decoded, type Meaning } from '../meaning';
import type { ActContext, TonProofAct, Spend } from '../wallet-act';

const MAX_PAYLOAD_BYTES = 2_048;

/**
 * Reads the request of a `ton_proof`. The asking service knows the wallet by it: its domain has to be the application's.
 *
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

/** Unix seconds. */
export function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** What the service knows beside the bytes. Addresses are raw. */
export interface TonTransferContext {
  /** CAIP-2: `ton:-239` or `ton:-3`. */
  readonly chain: string;
  /** The wallet that signs. */
  readonly address: string;
  /**
   * The jetton wallets of this wallet, each with its master. The bytes name the jetton wallet alone: that it is the one of the
   * master two endpoints have to say (`get_wallet_address`).
   */
  readonly jettonWallets: ReadonlyMap<string, string>;
}

/** What the bytes of a transfer mean. */
interface DecodedTonTransfer {
  readonly seqno: number;
  /** In Unix seconds. */
  readonly validUntil: number;
  readonly messages: bigint;
  /**
   * Of jettons `token` is the master, of a collectible (TEP-62) its item, with an amount of 1; the coins that go along, of which the rest
   * comes back, follow. The fee of the network is not in the bytes.
   */
  readonly spends: readonly Spend[];
  /** For the person and the receivers alone: it may have personal data. */
  readonly comments: readonly string[];
  /** English sentences for the person, without comments. */
  readonly summary: readonly string[];
}

/**
 * Reads the bytes that custody signs for a transfer of TON. Refuses what is for another network, a message that is not decoded,
 * jettons of a wallet that is not among those of the context, coins that would come back to somewhere else, and comments that
 * a person cannot read.
 */
export function decodeTonTransfer(payload: Buffer, context: TonTransferContext): Decoded<DecodedTonTransfer> {
  const transfer = readTonTransfer(payload);
  if (!transfer) return refusedAct('wallet.act_malformed');
  const { seqno, validUntil, network, messages } = transfer;
  if (context.chain !== `ton:${network}`) return refusedAct('wallet.chain_mismatch');
  const decoded = messages.map((message) => meaningOf(message, context));
  const read = decoded.filter((one) => one !== null);
  if (read.length < decoded.length) return refusedAct('wallet.act_undecoded', 'a message is not decoded');
  const comments = read.flatMap(({ comment }) => comment ?? []);
  if (!comments.every(isReadable)) return refusedAct('wallet.message_unreadable');
  return accepted({
    ...{ seqno, validUntil, comments, messages: BigInt(messages.length) },
    spends: read.flatMap(({ spends }) => spends),
    summary: read.flatMap(({ summary }) => summary),
  });
}

interface SendMeaning extends Pick<DecodedTonTransfer, 'spends' | 'summary'> {
  readonly comment: string | null;
}

function meaningOf(message: TonMessage, context: TonTransferContext): SendMeaning | null {
  const send = sendOf(message);
  if (!send) return null;
  const { address, chain } = context;
  const coins = coinSpend(message.value, address, message.to);
  if (send.kind === 'coin') {
    const summary = sentencesOf([coins], [], chain);
    return { comment: send.comment, spends: [coins], summary };
  }
  const token = send.kind === 'jetton' ? context.jettonWallets.get(send.jettonWallet) : send.item;
  if (token === undefined || send.responseTo !== address) return null;
  const spend: Spend = { ...coins, token, to: send.to, amount: send.kind === 'jetton' ? send.amount : 1n };
  return {
    comment: send.kind === 'jetton' ? send.comment : null,
    spends: [spend, coins],
    summary: [
      ...(send.kind === 'jetton'
        ? sentencesOf([spend], [], chain)
        : [`Send the collectible ${shownAddress(token, chain)} to ${shownAddress(send.to, chain)}.`]),
      ...sentencesOf([coins], [], chain),
      'What is left of these coins comes back.',
    ],
  };
}
