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
  /** The instant that `ton_proof` states, in Unix seconds. */
  readonly at: number;
  readonly act: WalletAct;
}

/** Of a bot, its people and its wallets: Telegram has two worlds. */
export const environments = ['production', 'test'] as const;
export type Environment = (typeof environments)[number];

/** What a person consents to: a signature, the words, the end of a freeze, that the wallet is theirs, or a way out without Telegram. */
const consentKinds = ['sign', 'export', 'unfreeze', 'bind', 'way-out'] as const;
export type ConsentKind = (typeof consentKinds)[number];

/** The calls of the custody process. `health` and `journal` ask about the process, not about a wallet. */
export type Call =
  /** Makes the wallet of this id, or answers as `describe` when it exists. */
  | ({ readonly call: 'create'; readonly environment: Environment } & Act)
  | { readonly call: 'describe'; readonly walletId: string }
  /** Whether it would sign, and whether the person has to consent first. `callId` is that of nothing else. */
  | ({ readonly call: 'ask' } & Act & Signing)
  /** Asks for consent that is always needed. */
  | ({ readonly call: 'ask-for'; readonly kind: Exclude<ConsentKind, 'sign' | 'way-out'> } & Act)
  /** What became of a consent. */
  | { readonly call: 'asked'; readonly consent: string }
  | ({
      readonly call: 'sign';
      /** The digest that `ask` answered; null where none is needed. */
      readonly consent: string | null;
    } & Act &
      Signing)
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
  /** The wallet is of this person at Telegram from now on. Of the operator's socket alone. */
  | ({ readonly call: 'bind'; readonly userId: string } & Act)
  /** No wallet signs anything or shows words, until the operator releases it. Again changes nothing. Of both sockets. */
  | { readonly call: 'brake'; readonly callId: string; readonly reason: string }
  /** Of the operator's socket alone. */
  | { readonly call: 'release'; readonly callId: string }
  /** The person reads what is asked for. Of the consent page's socket alone, as those that follow; `launch` is in the body. */
  | ({ readonly call: 'show'; readonly consent: string } & Launched)
  | ({ readonly call: 'accept'; readonly consent: string } & Launched)
  /** The words of an export that was accepted, sealed to a key of the page. */
  | ({
      readonly call: 'collect';
      readonly consent: string;
      /** P-256, uncompressed, in hex. */
      readonly key: string;
    } & Launched)
  /** The wallets of the person. */
  | ({ readonly call: 'own' } & Launched)
  | ({ readonly call: 'freeze-own'; readonly walletId: string } & Launched)
  /** Asks the person whether the wallet that signed is to be the way out, in the stead of an earlier one. */
  | ({ readonly call: 'name-way-out'; readonly ton: string } & SignedByWayOut & Launched)
  | ({ readonly call: 'stop-way-out'; readonly walletId: string } & Launched)
  /** What a wallet signs to be named, or to ask. Of the consent page's socket, as the next one, and without a launch. */
  | ({ readonly call: 'way-out-text'; readonly deed: 'name' | 'ask' } & Omit<SignedByWayOut, 'signature'>)
  /** The wallet that was named asks for everything. */
  | ({ readonly call: 'ask-way-out' } & SignedByWayOut)
  /** A week later: what goes to the way out needs no consent. Of the operator's socket alone. */
  | ({ readonly call: 'open-way-out' } & Act)
  /** As `sign` without consent, for what goes to a way out that is open and for nothing else. Of the operator's socket alone. */
  | ({ readonly call: 'sign-way-out' } & Act & Signing)
  /** Those that were asked for. Of the operator's socket and the API's. */
  | { readonly call: 'ways-out' }
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

export type CallOf<Name extends Call['call']> = Extract<Call, { call: Name }>;

/** A person at the consent page. */
interface Launched {
  /** Init data of the consent bot, as Telegram made it. */
  readonly launch: string;
}

/** A wallet outside of custody, by its signature of `way-out-text`. */
interface SignedByWayOut {
  readonly walletId: string;
  readonly address: string;
  /** Of EIP-191, in hex. */
  readonly signature: string;
}

/** A way out that was asked for. Instants are ISO 8601. */
export interface AskedWayOut {
  readonly walletId: string;
  /** From when on the operator can open it. */
  readonly readyAt: string;
  readonly openedAt: string | null;
}

/** Whether a person has to consent, and where. */
export type Asked =
  | { readonly isFree: true }
  | {
      readonly isFree: false;
      /** 64 hex digits. */
      readonly consent: string;
      /** Opens the consent bot. */
      readonly link: string;
      /** ISO 8601: until then it can be accepted. */
      readonly expiresAt: string;
    };

/** `open`: not accepted yet. `done`: its one act is done, as is an expired one that was not accepted. */
export const consentStates = ['open', 'accepted', 'done', 'expired'] as const;
export type ConsentState = (typeof consentStates)[number];

/** What became of a consent. */
export interface ConsentProgress {
  readonly walletId: string;
  readonly kind: ConsentKind;
  readonly state: ConsentState;
}

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
  /** How many coins and tokens its rules name, and consent bots. */
  readonly rules: { readonly assets: number; readonly consentBots: number };
  /** Of the signatures with what the API has allowed: when it last ended, ISO 8601, and how many were not. Null where none is configured. */
  readonly comparison: { readonly comparedAt: string | null; readonly withoutAct: number } | null;
  /** Since when all wallets do nothing, ISO 8601, and why; null while they act. */
  readonly brake: { readonly since: string; readonly reason: string } | null;
}

/** What each call answers. */
export interface Answers {
  readonly create: WalletDescription;
  readonly describe: WalletDescription;
  /** 65 bytes for EVM, 64 for TON. */
  readonly sign: Buffer;
  readonly ask: Asked;
  readonly 'ask-for': Asked;
  readonly asked: ConsentProgress;
  /** JSON. */
  readonly show: Buffer;
  readonly accept: { readonly state: ConsentState };
  /** JSON. */
  readonly collect: Buffer;
  /** JSON. */
  readonly own: Buffer;
  readonly 'freeze-own': null;
  readonly 'name-way-out': Asked;
  readonly 'stop-way-out': null;
  readonly 'way-out-text': { readonly text: string };
  readonly 'ask-way-out': { readonly readyAt: string };
  readonly 'open-way-out': null;
  /** Text that nodes take: a transaction of EVM in hex, an external message of TON in base64. */
  readonly 'sign-way-out': Buffer;
  /** JSON of `AskedWayOut[]`, the longest asked for first, at most 1,000. */
  readonly 'ways-out': Buffer;
  readonly destroy: null;
  readonly restore: null;
  /** Whether the database had lost it. */
  readonly 'restore-key': { readonly isNew: boolean };
  readonly freeze: null;
  readonly unfreeze: null;
  readonly bind: null;
  readonly brake: null;
  readonly release: null;
  readonly health: CustodyHealth;
  /**
   * How far the entries follow each other: some entries further, or where it began when the next entry is missing or does
   * not have its hash. The body has the signatures and exports among them, as JSON of `JournalledAct`.
   */
  readonly journal: JournalPosition & { readonly body: Buffer };
}

/** What the API has to have allowed. */
export interface JournalledAct {
  readonly callId: string;
  readonly walletId: string;
}

/**
 * Why a call has no answer.
 * - `malformed`: not a call of the protocol;
 * - `act_refused`: the act cannot be decoded, or the rules do not allow acts of this kind; `reason` names the code;
 * - `asset_not_allowed`: the rules name no amount of a coin or token that it spends;
 * - `above_day`, `above_hour`: with what was signed before it is above what the rules allow a wallet in a day, or all in an hour;
 * - `wallet_frozen`, `braked`: the wallet, or every wallet, does nothing now;
 * - `call_reused`: its id is that of another call;
 * - `consent_needed`: the person has not consented to it, or it differs from what they consented to, or was done;
 * - `consent_unknown`: no such consent, or it is of another person;
 * - `consent_unavailable`: the wallet belongs to no person that custody knows, or the rules name no consent bot;
 * - `too_early`: the words of an export are not shown yet, or a way out is not opened yet;
 * - `way_out_refused`: the wallet has no way out, or this is not its signature of a text of the last ten minutes, or it has not asked, or an act
 *   does not go to an open one alone;
 * - `launch_refused`: not init data of the consent bot, signed by Telegram within the last ten minutes; `reason` names the rule;
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
  'consent_needed',
  'consent_unknown',
  'consent_unavailable',
  'too_early',
  'way_out_refused',
  'launch_refused',
  'away',
] as const;
export type CustodyRefusal = (typeof custodyRefusals)[number];

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const USER_ID = /^[1-9][0-9]{0,15}$/;
const REASON = /^[\x20-\x7e]{1,64}$/;
const PUBLIC_KEY = /^04[0-9a-f]{128}$/;
const DEED = /^(?:name|ask)$/;
/** Who listens at a socket of custody: the API, the operator, the consent page. */
export const sides = ['api', 'operator', 'consent'] as const;
export type Side = (typeof sides)[number];

/** The fields of each call beside its name, and at which sockets it is taken. */
const CALLS: Readonly<
  Record<Call['call'], { readonly fields: readonly string[]; readonly at: readonly Side[] }>
> = {
  create: { fields: ['callId', 'walletId', 'environment'], at: ['api'] },
  describe: { fields: ['walletId'], at: ['api'] },
  ask: { fields: ['callId', 'walletId', 'chain', 'address', 'at'], at: ['api'] },
  'ask-for': { fields: ['callId', 'walletId', 'kind'], at: ['api'] },
  asked: { fields: ['consent'], at: ['api'] },
  sign: { fields: ['callId', 'walletId', 'chain', 'address', 'at', 'consent'], at: ['api'] },
  destroy: { fields: ['callId', 'walletId'], at: ['api'] },
  restore: { fields: ['callId', 'walletId'], at: ['operator'] },
  'restore-key': { fields: ['callId', 'walletId'], at: ['operator'] },
  freeze: { fields: ['callId', 'walletId'], at: ['api', 'operator'] },
  unfreeze: { fields: ['callId', 'walletId'], at: ['operator'] },
  bind: { fields: ['callId', 'walletId', 'userId'], at: ['operator'] },
  brake: { fields: ['callId', 'reason'], at: ['api', 'operator'] },
  release: { fields: ['callId'], at: ['operator'] },
  show: { fields: ['consent'], at: ['consent'] },
  accept: { fields: ['consent'], at: ['consent'] },
  collect: { fields: ['consent', 'key'], at: ['consent'] },
  own: { fields: [], at: ['consent'] },
  'freeze-own': { fields: ['walletId'], at: ['consent'] },
  'name-way-out': { fields: ['walletId', 'address', 'ton', 'signature'], at: ['consent'] },
  'stop-way-out': { fields: ['walletId'], at: ['consent'] },
  'way-out-text': { fields: ['walletId', 'address', 'deed'], at: ['consent'] },
  'ask-way-out': { fields: ['walletId', 'address', 'signature'], at: ['consent'] },
  'open-way-out': { fields: ['callId', 'walletId'], at: ['operator'] },
  'sign-way-out': { fields: ['callId', 'walletId', 'chain', 'address', 'at'], at: ['operator'] },
  'ways-out': { fields: [], at: ['api', 'operator'] },
  health: { fields: [], at: ['api'] },
  journal: { fields: ['after', 'hash', 'until'], at: ['api'] },
};

/** Calls that change nothing. */
const READING = ['asked', 'describe', 'health', 'own', 'show', 'way-out-text', 'ways-out'] as const;
export const readingCalls: readonly Call['call'][] = READING;

/** The call in a frame; null for anything else, also with unknown fields, or of another socket. Never throws. */
export function readCall({ header, body }: Frame, side: Side = 'api'): Call | null {
  if (typeof header !== 'object' || header === null) return null;
  const fields = header as Readonly<Record<string, unknown>>;
  const call = fields['call'];
  if (typeof call !== 'string' || !Object.hasOwn(CALLS, call)) return null;
  const expected = CALLS[call as Call['call']];
  const hasExpected = expected.fields.every((name) => (VALUES[name] ?? isCount)(fields[name], call));
  if (!expected.at.includes(side) || !hasExpected) return null;
  if (Object.keys(fields).length !== expected.fields.length + 1) return null;
  if (side === 'consent') return { ...fields, launch: body.toString('utf8') } as unknown as Call;
  if (!expected.fields.includes('chain')) return body.length === 0 ? (fields as unknown as Call) : null;
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

const ofForm =
  (form: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && form.test(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** Fields that are not here are counts. */
const VALUES: Readonly<Record<string, (value: unknown, call: string) => boolean>> = {
  ...{ callId: ofForm(UUID), walletId: ofForm(UUID), hash: ofForm(HASH), userId: ofForm(USER_ID) },
  ...{ reason: ofForm(REASON), key: ofForm(PUBLIC_KEY), deed: ofForm(DEED) },
  ...{ chain: isText, address: isText, ton: isText, signature: isText },
  consent: (value, call) => (value === null && call === 'sign') || ofForm(HASH)(value),
  environment: (value) => environments.some((known) => known === value),
  kind: (value) => value !== 'sign' && value !== 'way-out' && consentKinds.some((known) => known === value),
};
