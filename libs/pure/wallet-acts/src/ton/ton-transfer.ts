import { accepted } from '@countersign/errors';
import { readTonTransfer, sendOf, type TonMessage } from '@countersign/ton-sends';
import { refusedAct } from '../act-refusals';
import { isReadable } from '../fields';
import { coinSpend, sentencesOf, shownAddress, type Decoded } from '../meaning';
import type { Spend } from '../wallet-act';

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

interface Meaning extends Pick<DecodedTonTransfer, 'spends' | 'summary'> {
  readonly comment: string | null;
}

function meaningOf(message: TonMessage, context: TonTransferContext): Meaning | null {
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
