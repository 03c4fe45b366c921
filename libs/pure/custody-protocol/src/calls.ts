import { readWalletAct, type WalletAct } from '@countersign/wallet-acts';
import type { Frame } from './frames';

/** A call that changes or uses a wallet. */
interface Act {
  /** Random, of the caller. Repeated after an unknown outcome, a call is journalled once and answered again. */
  readonly callId: string;
  readonly walletId: string;
}

/** What is to be signed. Custody decodes it, and makes the bytes itself. */
export interface Signing {
  /** CAIP-2. */
  readonly chain: string;
  /** Of the wallet, as `decodeAct` takes it. */
  readonly address: string;
  /** The instant that `ton_proof` and `signData` state, in Unix seconds. */
  readonly at: number;
  readonly act: WalletAct;
}

/** The calls of the custody process. `health` and `journal` ask about the process, not about a wallet. */
export type Call =
  /** Makes the wallet of this id, or answers as `describe` when it exists. */
  | ({ readonly call: 'create' } & Act)
  | { readonly call: 'describe'; readonly walletId: string }
  | ({ readonly call: 'sign' } & Act & Signing)
  | ({ readonly call: 'export' } & Act)
  /** From now on the wallet does nothing. Its keys are deleted a week later. */
  | ({ readonly call: 'destroy' } & Act)
  /** Takes `destroy` back. Of the operator's socket alone, which the API cannot reach. */
  | ({ readonly call: 'restore' } & Act)
  /** Puts back from its copy a wallet that the database has lost. Of the operator's socket alone. */
  | ({ readonly call: 'restore-key' } & Act)
  /** The wallet signs nothing and shows no words, until it is unfrozen. Again changes nothing. Of both sockets. */
  | ({ readonly call: 'freeze' } & Act)
  /** Of the operator's socket alone. */
  | ({ readonly call: 'unfreeze' } & Act)
  /** No wallet signs anything or shows words, until the operator releases it. Again changes nothing. Of both sockets. */
  | { readonly call: 'brake'; readonly callId: string; readonly reason: string }
  /** Of the operator's socket alone. */
  | { readonly call: 'release'; readonly callId: string }
  | { readonly call: 'health' }
  /** Computes the hash of the journal from its entries, from one that is known on. Changes nothing. */
  | {
      readonly call: 'journal';
      readonly after: number;
      /** Of the entry `after`. */
      readonly hash: string;
      /** The last entry to read. */
      readonly until: number;
    };

/** What is public of a wallet. It is personal data where it is tied to a person. */
export interface WalletDescription {
  /** With its EIP-55 checksum. */
  readonly evmAddress: string;
  /** The Ed25519 key of the TON wallet, 64 hex digits. */
  readonly tonPublicKey: string;
  /** Since when the wallet does nothing, ISO 8601; null while it acts. */
  readonly frozenAt: string | null;
}

/** An entry of the journal: its hash covers all before it. 64 hex digits, of zeros before the first entry. */
export interface JournalPosition {
  readonly sequence: number;
  readonly hash: string;
}

export interface CustodyHealth {
  /** The last entry. */
  readonly journal: JournalPosition;
  /** Wallets that are sealed under another key than the active one. */
  readonly toRewrap: number;
  /** Since when all wallets do nothing, ISO 8601, and why; null while they act. */
  readonly brake: { readonly since: string; readonly reason: string } | null;
}

/** What each call answers. */
export interface Answers {
  readonly create: WalletDescription;
  readonly describe: WalletDescription;
  /** 65 bytes for EVM, 64 for TON. */
  readonly sign: Buffer;
  /** The words, as ASCII joined by spaces. A secret: the caller overwrites it. */
  readonly export: Buffer;
  readonly destroy: null;
  readonly restore: null;
  /** Whether the database had lost it. */
  readonly 'restore-key': { readonly isNew: boolean };
  readonly freeze: null;
  readonly unfreeze: null;
  readonly brake: null;
  readonly release: null;
  readonly health: CustodyHealth;
  /**
   * How far the entries follow each other: some entries further, or where it began when the next entry is missing or does
   * not have its hash.
   */
  readonly journal: JournalPosition;
}

/**
 * Why a call has no answer.
 * - `malformed`: not a call of the protocol;
 * - `act_refused`: the act cannot be decoded, or the rules do not allow acts of this kind; `reason` names the code;
 * - `asset_not_allowed`: the rules name no amount of a coin or token that it spends;
 * - `above_day`, `above_hour`: with what was signed before it is above what the rules allow a wallet in a day, or all in an hour;
 * - `wallet_frozen`, `braked`: the wallet, or every wallet, does nothing now;
 * - `call_reused`: its id is that of another call;
 * - `away`: the database or a key of the ring is away; nothing is known about the outcome.
 */
export const custodyRefusals = [
  'malformed',
  'act_refused',
  'asset_not_allowed',
  'above_day',
  'above_hour',
  'wallet_unknown',
  'wallet_destroyed',
  'wallet_frozen',
  'braked',
  'call_reused',
  'away',
] as const;
export type CustodyRefusal = (typeof custodyRefusals)[number];

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const REASON = /^[\x20-\x7e]{1,64}$/;
const FIELDS: Readonly<Record<Call['call'], readonly string[]>> = {
  create: ['call', 'callId', 'walletId'],
  describe: ['call', 'walletId'],
  sign: ['call', 'callId', 'walletId', 'chain', 'address', 'at'],
  export: ['call', 'callId', 'walletId'],
  destroy: ['call', 'callId', 'walletId'],
  restore: ['call', 'callId', 'walletId'],
  'restore-key': ['call', 'callId', 'walletId'],
  freeze: ['call', 'callId', 'walletId'],
  unfreeze: ['call', 'callId', 'walletId'],
  brake: ['call', 'callId', 'reason'],
  release: ['call', 'callId'],
  health: ['call'],
  journal: ['call', 'after', 'hash', 'until'],
};

/** The calls that the operator's socket takes, and those that the other one takes too. */
const ofOperator: readonly string[] = ['restore', 'restore-key', 'unfreeze', 'release', 'freeze', 'brake'];
const ofBoth: readonly string[] = ['freeze', 'brake'];

/** The call in a frame; null for anything else, also with unknown fields, or of the other socket. Never throws. */
export function readCall({ header, body }: Frame, isOperator = false): Call | null {
  if (typeof header !== 'object' || header === null) return null;
  const fields = header as Readonly<Record<string, unknown>>;
  const call = fields['call'];
  if (typeof call !== 'string' || !Object.hasOwn(FIELDS, call)) return null;
  if (ofOperator.includes(call) !== isOperator && !ofBoth.includes(call)) return null;
  const expected = FIELDS[call as Call['call']];
  const hasExpected = expected.every((name) => isFieldValue(name, fields[name]));
  if (!hasExpected || Object.keys(fields).length !== expected.length) return null;
  if (call !== 'sign') return body.length === 0 ? (fields as unknown as Call) : null;
  const act = actIn(body);
  return act && ({ ...fields, act } as unknown as Call);
}

function actIn(body: Buffer): WalletAct | null {
  try {
    const { kind, ...request } = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
    return readWalletAct(kind, request);
  } catch {
    return null;
  }
}

function isFieldValue(name: string, value: unknown): boolean {
  switch (name) {
    case 'call':
      return true;
    case 'callId':
    case 'walletId':
      return typeof value === 'string' && UUID.test(value);
    case 'hash':
      return typeof value === 'string' && HASH.test(value);
    case 'reason':
      return typeof value === 'string' && REASON.test(value);
    case 'chain':
    case 'address':
      return typeof value === 'string';
    default:
      return Number.isSafeInteger(value) && Number(value) >= 0;
  }
}
