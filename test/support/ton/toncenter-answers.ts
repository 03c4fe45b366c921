import { beginCell, storeMessage, type Message, type Transaction } from '@ton/core';
import { ownerOf, type Recorded } from './ton-network';

/** A transaction as `/api/v3/transactions` has it, as far as it is read. */
export interface TransactionV3 {
  readonly account: string;
  readonly hash: string;
  readonly lt: string;
  readonly now: number;
  readonly mc_block_seqno: number;
  readonly total_fees: string;
  readonly description: object;
  readonly in_msg: MessageV3 | null;
  readonly out_msgs: readonly MessageV3[];
  readonly emulated: boolean;
  readonly finality: string;
}

interface MessageV3 {
  readonly source: string | null;
  readonly destination: string | null;
  readonly value: string | null;
  readonly message_content: { readonly body: string };
}

export function toTransaction({ transaction, block }: Recorded): TransactionV3 {
  return {
    account: ownerOf(transaction).toRawString().toUpperCase(),
    hash: transaction.hash().toString('base64'),
    lt: String(transaction.lt),
    now: transaction.now,
    mc_block_seqno: block,
    total_fees: String(transaction.totalFees.coins),
    description: describe(transaction),
    in_msg: transaction.inMessage ? toMessage(transaction.inMessage) : null,
    out_msgs: transaction.outMessages.values().map(toMessage),
    emulated: false,
    finality: 'finalized',
  };
}

function describe({ description }: Transaction): object {
  if (description.type !== 'generic') return { type: description.type };
  const { aborted, destroyed, computePhase, actionPhase, bouncePhase, storagePhase } = description;
  return {
    type: 'ord',
    ...{ aborted, destroyed },
    ...(storagePhase
      ? { storage_ph: { storage_fees_collected: String(storagePhase.storageFeesCollected) } }
      : {}),
    compute_ph:
      computePhase.type === 'skipped'
        ? { skipped: true, reason: computePhase.reason.replace('-', '_') }
        : { skipped: false, success: computePhase.success, exit_code: computePhase.exitCode },
    ...(actionPhase ? { action: { success: actionPhase.success, result_code: actionPhase.resultCode } } : {}),
    ...(bouncePhase ? { bounce: { type: bouncePhase.type.replace('-', '_') } } : {}),
  };
}

function toMessage(message: Message): MessageV3 & Readonly<Record<string, unknown>> {
  const { info, body } = message;
  const hash = beginCell().store(storeMessage(message)).endCell().hash().toString('base64');
  const content = {
    hash: body.hash().toString('base64'),
    body: body.toBoc().toString('base64'),
    decoded: null,
  };
  const common = { hash, message_content: content, init_state: null };
  if (info.type !== 'internal')
    return {
      ...common,
      source: info.type === 'external-out' ? info.src.toRawString().toUpperCase() : null,
      destination: info.type === 'external-in' ? info.dest.toRawString().toUpperCase() : null,
      value: null,
    };
  return {
    ...common,
    source: info.src.toRawString().toUpperCase(),
    destination: info.dest.toRawString().toUpperCase(),
    value: String(info.value.coins),
    fwd_fee: String(info.forwardFee),
    ihr_fee: String(info.ihrFee),
    created_lt: String(info.createdLt),
    created_at: String(info.createdAt),
    bounce: info.bounce,
    bounced: info.bounced,
  };
}
