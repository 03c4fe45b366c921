import { isReadable, readWalletAct, type WalletAct } from '@countersign/wallet-acts';
import type { Frame } from './frames';
import type { Recipients, WayOut } from './shown';

/** An act, under an id that its caller has stored: repeated after an unknown outcome it is journalled once and answered again. */
export interface Act {
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

/** For these consent is always needed: the words, the end of a freeze, that the wallet is the person's, and a way out without Telegram. */
const askedKinds = ['export', 'unfreeze', 'bind', 'way-out'] as const;
/** What a person consents to: these, or a signature. */
export type ConsentKind = (typeof askedKinds)[number] | 'sign';

/** Who calls at a socket of custody: the API, the operator, the consent page, the reader of chains. */
export const sides = ['api', 'operator', 'consent', 'reader'] as const;
export type Side = (typeof sides)[number];

type Guard<T> = (value: unknown) => value is T;

const ofForm =
  (form: RegExp): Guard<string> =>
  (value): value is string =>
    typeof value === 'string' && form.test(value);
const oneOf =
  <T extends string>(known: readonly T[]): Guard<T> =>
  (value): value is T =>
    known.some((one) => one === value);
const isText: Guard<string> = (value): value is string => typeof value === 'string';
const isCount: Guard<number> = (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isDecimal = ofForm(/^(?:0|[1-9][0-9]{0,77})$/);
const isEvmChain = ofForm(/^eip155:[1-9][0-9]{0,14}$/);
const isId = ofForm(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const isHash = ofForm(/^[0-9a-f]{64}$/);
const isHashOrNull: Guard<string | null> = (value): value is string | null => value === null || isHash(value);

/** Custody cannot check it, and shows it as the word of the service. */
const isName: Guard<string> = (value): value is string =>
  typeof value === 'string' && value.length <= 200 && (value === '' || isReadable(value));

/** The id of no wallet is that of entries about all. */
const wallet = { walletId: ofForm(/^(?!0[0-]*$)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) };
const ofAct = { callId: isId, ...wallet };
const ofSigning = { ...ofAct, chain: isText, address: isText, at: isCount };
/** Without a session it is none of the API's. */
const isIdOrAbsent: Guard<string | undefined> = (value): value is string | undefined =>
  value === undefined || isId(value);
const ofRequester = { application: isName, session: isIdOrAbsent };
const ofConsent = { consent: isHash };
/** Of `ask-for`, for a way out alone. */
const isRecipientsOrNull: Guard<Recipients | null> = (value): value is Recipients | null => {
  if (value === null) return true;
  const { evm, ton, ...others } = Object(value) as Partial<Recipients>;
  return isText(evm) && (ton === null || isText(ton)) && Object.keys(others).length === 0;
};

const API = ['api'] as const;
const OPERATOR = ['operator'] as const;
const BOTH = ['api', 'operator'] as const;
const CONSENT = ['consent'] as const;
const READER = ['reader'] as const;

type Taken = readonly [at: readonly Side[], fields: Readonly<Record<string, Guard<unknown>>>];

/**
 * The calls of the custody process, the sockets where each is taken, and its fields. One with a `chain` has the act in its body, one of
 * the consent page the init data of the consent bot, as Telegram made it.
 */
const CALLS = {
  /** Makes the wallet of this id, or answers as `describe` when it exists. */
  create: [API, { ...ofAct, environment: oneOf(environments) }],
  describe: [API, wallet],
  /** Whether it would sign, and whether the person has to consent first. `callId` is that of nothing else. `application`, `session`: who asks. */
  ask: [API, { ...ofSigning, ...ofRequester }],
  'ask-for': [API, { ...ofAct, kind: oneOf(askedKinds), ...ofRequester, to: isRecipientsOrNull }],
  /** What became of a consent. */
  asked: [API, ofConsent],
  /** With the digest that `ask` answered; null where none is needed. */
  sign: [API, { ...ofSigning, consent: isHashOrNull }],
  /** From now on the wallet does nothing. Its keys are deleted a week later. */
  destroy: [API, ofAct],
  /** Takes `destroy` back. */
  restore: [OPERATOR, ofAct],
  /** Puts back from its copy a wallet that the database has lost. */
  'restore-key': [OPERATOR, ofAct],
  /** The wallet signs nothing and shows no words, until it is unfrozen. Idempotent. */
  freeze: [BOTH, ofAct],
  unfreeze: [OPERATOR, ofAct],
  /** The wallet is of this person at Telegram from now on. */
  bind: [OPERATOR, { ...ofAct, userId: ofForm(/^[1-9][0-9]{0,15}$/) }],
  /** No wallet signs anything or shows words, until the operator releases it. Idempotent. */
  brake: [BOTH, { callId: isId, reason: ofForm(/^[\x20-\x7e]{1,64}$/) }],
  release: [OPERATOR, { callId: isId }],
  /** The key ring with this SHA-256 was split among holders. */
  'ring-split': [OPERATOR, { callId: isId, digest: isHash }],
  /** What needs the operator. */
  status: [OPERATOR, { callId: isId }],
  /** The person reads what is asked for. */
  show: [CONSENT, ofConsent],
  accept: [CONSENT, ofConsent],
  /** The words of an export that was accepted, sealed to a key of the page: P-256, uncompressed, in hex. */
  collect: [CONSENT, { ...ofConsent, key: ofForm(/^04[0-9a-f]{128}$/) }],
  /** The wallets of the person. */
  own: [CONSENT, {}],
  'freeze-own': [CONSENT, wallet],
  /** Ends what the person was asked for and has not done. */
  'clear-own': [CONSENT, wallet],
  /** What the wallet signs (EIP-191) that a person wants to name as a way out. Without a launch. */
  'naming-text': [CONSENT, ofConsent],
  /** The only link that accepts a way out. For its signature in hex, and the launch that shows it. */
  'accept-link': [CONSENT, { ...ofConsent, signature: isText }],
  /** Stops a way out that waits to be named, asked or is open. */
  'stop-way-out': [CONSENT, wallet],
  /** Stops a way out that waits to be named. */
  'stop-naming': [API, ofAct],
  /** What the way out signs to ask. Without a launch, as the next one. */
  'way-out-text': [CONSENT, { ...wallet, address: isText }],
  /** The wallet that was named asks for everything. */
  'ask-way-out': [CONSENT, { ...wallet, address: isText, signature: isText }],
  /** A week later: what goes to the way out needs no consent. */
  'open-way-out': [OPERATOR, ofAct],
  /** Those that were asked for. */
  'ways-out': [BOTH, {}],
  /** What the reader is to ask nodes. */
  'to-read': [READER, {}],
  /** The next nonce of a wallet, which two nodes named at a finalized block: all transactions below it are settled. */
  report: [READER, { ...wallet, on: isEvmChain, next: isCount }],
  /** What was signed and can still move, of wallets after one. */
  unsettled: [OPERATOR, { after: isId }],
  /** Signs a transaction that moves nothing as the replacement of those with this nonce. It is allowed at any time. */
  cancel: [OPERATOR, { ...ofAct, on: isEvmChain, nonce: isCount, price: isDecimal, gas: isDecimal }],
  /** `health` and `journal` ask about the process, not about a wallet. */
  health: [API, {}],
  /** Computes the hash of the journal from its entries, after one whose hash is known, and up to another. Changes nothing. */
  journal: [API, { after: isCount, hash: isHash, until: isCount }],
} as const satisfies Readonly<Record<string, Taken>>;

type Calls = typeof CALLS;
type FieldsOf<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends Guard<infer Value> ? Value : never;
};
type BodyOf<Name extends keyof Calls> = Calls[Name][0] extends typeof CONSENT
  ? { readonly launch: string }
  : Calls[Name][1] extends typeof ofSigning
    ? Pick<Signing, 'act'>
    : unknown;

export type Call = {
  [Name in keyof Calls]: { readonly call: Name } & FieldsOf<Calls[Name][1]> & BodyOf<Name>;
}[keyof Calls];

export type CallOf<Name extends Call['call']> = Extract<Call, { call: Name }>;

/** A way out that was asked for. Instants are ISO 8601. */
export interface AskedWayOut {
  readonly walletId: string;
  /** From when on the operator can open it. */
  readonly readyAt: string;
  readonly openedAt: string | null;
}

/** What the reader asks two nodes. */
export interface ChainToRead {
  /** CAIP-2. */
  readonly chain: string;
  readonly rpcUrls: readonly string[];
  readonly accounts: readonly { readonly walletId: string; readonly address: string }[];
}

/** What custody has signed and a wallet can still move on a chain. */
export interface Unsettled {
  readonly walletId: string;
  /** CAIP-2. */
  readonly chain: string;
  /** The chain's next nonce and the highest signed one; null without an EVM transaction. */
  readonly next: number | null;
  readonly highest: number | null;
  /** At most, by the rule, in the smallest unit; null: nothing. */
  readonly amounts: Readonly<Record<string, string>> | null;
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
  readonly wayOut: WayOut | null;
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

/** What each call answers. `Buffer`: JSON where nothing else is said. */
export interface Answers
  extends
    Readonly<Record<'create' | 'describe', WalletDescription>>,
    Readonly<Record<'ask' | 'ask-for', Asked>>,
    Readonly<Record<'show' | 'collect' | 'own' | 'status' | 'to-read' | 'unsettled' | 'cancel', Buffer>>,
    Readonly<
      Record<'destroy' | 'restore' | 'freeze' | 'freeze-own' | 'clear-own' | 'unfreeze' | 'bind', null>
    >,
    Readonly<Record<'brake' | 'release' | 'ring-split' | 'report', null>>,
    Readonly<Record<'open-way-out' | 'stop-way-out' | 'stop-naming', null>> {
  /** 65 bytes for EVM, 64 for TON. */
  readonly sign: Buffer;
  readonly asked: ConsentProgress;
  readonly accept: { readonly state: ConsentState };
  readonly 'naming-text': { readonly text: string; readonly address: string };
  readonly 'accept-link': { readonly link: string };
  readonly 'way-out-text': { readonly text: string };
  readonly 'ask-way-out': { readonly readyAt: string };
  /** JSON of `AskedWayOut[]`, the longest asked for first, at most 1,000. */
  readonly 'ways-out': Buffer;
  /** Whether the database had lost it. */
  readonly 'restore-key': { readonly isNew: boolean };
  readonly health: CustodyHealth;
  /**
   * How far the entries follow each other: some entries further, or where it began when the next entry is missing or does
   * not have its hash. The body has the signatures and exports among them, as JSON of `Act`.
   */
  readonly journal: JournalPosition & { readonly body: Buffer };
}

/**
 * Why a call has no answer.
 * - `malformed`: not a call of the protocol;
 * - `act_refused`: the act cannot be decoded, or the rules do not allow acts of this kind; `reason` names the code;
 * - `asset_not_allowed`: the rules name no amount of a coin or token that it spends;
 * - `above_day`, `above_hour`: with what was signed before it is above what the rules allow a wallet in a day, or all in an hour;
 * - `above_outstanding`: with what was signed and can still move it is above what the rules allow;
 * - `wallet_frozen`, `braked`: the wallet, or every wallet, does nothing now;
 * - `call_reused`: its id is that of another call;
 * - `consent_needed`: the person has not consented to it, or not by the link of `accept-link`, or it differs from what they consented to, or was done;
 * - `consent_unknown`: no such consent, or it is of another person;
 * - `consent_unavailable`: the wallet belongs to no person that custody knows, or the rules name no consent bot;
 * - `requests_waiting`: the session already waits for the person's answer to four requests;
 * - `too_early`: the words of an export are not shown yet, or a way out is not opened yet;
 * - `way_out_refused`: the wallet has no way out, or this is not its signature of a text of the last ten minutes, or it has not asked;
 * - `ring_differs`: the ring that was split is not the one that custody uses;
 * - `launch_refused`: not init data of the consent bot, signed by Telegram within the last ten minutes; `reason` names the rule;
 * - `nonce_unread`: the reader has not reported yet how many transactions of the wallet the chain has;
 * - `nonce_outside`: the nonce was used, or transactions before it are missing, or too many are not settled;
 * - `away`: the database or a key of the ring is away; nothing is known about the outcome.
 */
export const custodyRefusals = [
  'malformed',
  'act_refused',
  'asset_not_allowed',
  'above_day',
  'above_hour',
  'above_outstanding',
  'wallet_unknown',
  'wallet_destroyed',
  'wallet_frozen',
  'braked',
  'call_reused',
  'consent_needed',
  'consent_unknown',
  'consent_unavailable',
  'requests_waiting',
  'too_early',
  'way_out_refused',
  'ring_differs',
  'launch_refused',
  'nonce_unread',
  'nonce_outside',
  'away',
] as const;
export type CustodyRefusal = (typeof custodyRefusals)[number];

/** Calls that change nothing. */
export const readingCalls: readonly Call['call'][] = [
  'asked',
  'describe',
  'accept-link',
  'health',
  'naming-text',
  'own',
  'show',
  'status',
  'to-read',
  'unsettled',
  'way-out-text',
  'ways-out',
];

/** The call in a frame; null for anything else, also with unknown fields, or of another socket. Never throws. */
export function readCall({ header, body }: Frame, side: Side = 'api'): Call | null {
  if (typeof header !== 'object' || header === null) return null;
  const fields = header as Readonly<Record<string, unknown>>;
  const { call } = fields;
  if (typeof call !== 'string' || !Object.hasOwn(CALLS, call)) return null;
  const [at, expected]: Taken = CALLS[call as Call['call']];
  const guards = Object.entries(expected);
  const hasExpected = guards.every(([name, isValue]) => isValue(fields[name]));
  const isKnown = Object.keys(fields).every((name) => name === 'call' || Object.hasOwn(expected, name));
  if (!at.includes(side) || !hasExpected || !isKnown) return null;
  if (side === 'consent') return { ...fields, launch: body.toString('utf8') } as unknown as Call;
  if (!('chain' in expected)) return body.length === 0 ? (fields as unknown as Call) : null;
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
