import { readJsonObject } from '@countersign/text';
import { isReadable, readWalletAct, type WalletAct } from '@countersign/wallet-acts';
import type { Frame } from './frames';
import type { Recipients, WayOut } from './shown';

/** An act with an id that its caller has stored. A repeated act is journalled once and answered again. */
export interface Act {
  readonly callId: string;
  readonly walletId: string;
}

/** Custody decodes the act, and makes the bytes itself. */
export interface Signing {
  /** The chain in CAIP-2. */
  readonly chain: string;
  /** The wallet's address in the form that `decodeAct` takes. */
  readonly address: string;
  /** The instant in `ton_proof`, in Unix seconds. */
  readonly at: number;
  readonly act: WalletAct;
}

/** The environment of a bot, its people and its wallets: Telegram has two. */
export const environments = ['production', 'test'] as const;
export type Environment = (typeof environments)[number];

/** These acts always need consent: showing the words, ending a freeze, binding the wallet, and naming a way out. */
const askedKinds = ['export', 'unfreeze', 'bind', 'way-out'] as const;
export type ConsentKind = (typeof askedKinds)[number] | 'sign';

/** The callers at custody's sockets: the API, the operator, the consent page, the reader of chains. */
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

/** Custody cannot check the name, and shows it as a claim of the service. */
const isName: Guard<string> = (value): value is string =>
  typeof value === 'string' && value.length <= 200 && (value === '' || isReadable(value));

/** The zero id belongs to entries about all wallets. */
const wallet = { walletId: ofForm(/^(?!0[0-]*$)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) };
const ofAct = { callId: isId, ...wallet };
const ofSigning = { ...ofAct, chain: isText, address: isText, at: isCount };
/** Without a session, the request does not come from the API. */
const isIdOrAbsent: Guard<string | undefined> = (value): value is string | undefined =>
  value === undefined || isId(value);
const ofRequester = { application: isName, session: isIdOrAbsent };
const ofConsent = { consent: isHash };
/** Only for the way out in `ask-for`. */
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

type Taken = readonly [
  at: readonly Side[],
  fields: Readonly<Record<string, Guard<unknown>>>,
  isReading?: 'reads',
];

/** The calls with their sockets and fields. A body is the act (with `chain`) or the consent page's init data. */
const CALLS = {
  /** Creates the wallet with this id, or answers like `describe` if it exists. */
  create: [API, { ...ofAct, environment: oneOf(environments) }],
  describe: [API, wallet, 'reads'],
  /** Whether it would sign, and needs consent. `callId` must be unused. The rest names the requester. */
  ask: [API, { ...ofSigning, ...ofRequester }],
  'ask-for': [API, { ...ofAct, kind: oneOf(askedKinds), ...ofRequester, to: isRecipientsOrNull }],
  asked: [API, ofConsent, 'reads'],
  /** `consent` is the digest from `ask`; null if no consent is needed. */
  sign: [API, { ...ofSigning, consent: isHashOrNull }],
  /** From now on the wallet does nothing. Its keys are deleted a week later. */
  destroy: [API, ofAct],
  restore: [OPERATOR, ofAct],
  'restore-key': [OPERATOR, ofAct],
  /** Until it is unfrozen, the wallet signs nothing and shows no words. Idempotent. */
  freeze: [BOTH, ofAct],
  unfreeze: [OPERATOR, ofAct],
  /** From now on the wallet belongs to this person at Telegram. */
  bind: [OPERATOR, { ...ofAct, userId: ofForm(/^[1-9][0-9]{0,15}$/) }],
  /** Until the operator releases it, no wallet signs or shows words. Idempotent. */
  brake: [BOTH, { callId: isId, reason: ofForm(/^[\x20-\x7e]{1,64}$/) }],
  release: [OPERATOR, { callId: isId }],
  /** The key ring with this SHA-256 was split among holders. */
  'ring-split': [OPERATOR, { callId: isId, digest: isHash }],
  status: [OPERATOR, { callId: isId }, 'reads'],
  show: [CONSENT, ofConsent, 'reads'],
  accept: [CONSENT, ofConsent],
  /** The words of an accepted export, sealed to a key of the page: P-256, uncompressed, in hex. */
  collect: [CONSENT, { ...ofConsent, key: ofForm(/^04[0-9a-f]{128}$/) }],
  own: [CONSENT, {}, 'reads'],
  'freeze-own': [CONSENT, wallet],
  'clear-own': [CONSENT, wallet],
  /** The text (EIP-191) that a way out signs before a person names it. Without a launch. */
  'naming-text': [CONSENT, ofConsent, 'reads'],
  /** The only link that accepts a way out. It needs the signature in hex, and the launch that shows the way out. */
  'accept-link': [CONSENT, { ...ofConsent, signature: isText }, 'reads'],
  /** Stops a way out that waits to be named, was asked for, or is open. */
  'stop-way-out': [CONSENT, wallet],
  'stop-naming': [API, ofAct],
  /** The text that the way out signs to ask. Without a launch, like the next call. */
  'way-out-text': [CONSENT, { ...wallet, address: isText }, 'reads'],
  'ask-way-out': [CONSENT, { ...wallet, address: isText, signature: isText }],
  /** A week later, acts that move assets to the way out need no consent. */
  'open-way-out': [OPERATOR, ofAct],
  'ways-out': [BOTH, {}, 'reads'],
  'to-read': [READER, {}, 'reads'],
  /** The next nonce of a wallet, from two nodes at a finalized block. All transactions below it are final. */
  report: [READER, { ...wallet, on: isEvmChain, next: isCount }],
  /** Signed acts that can still move assets, of the wallets after an id. */
  unsettled: [OPERATOR, { after: isId }, 'reads'],
  /** Signs a replacement that moves nothing for the transactions with this nonce. It is always allowed. */
  cancel: [OPERATOR, { ...ofAct, on: isEvmChain, nonce: isCount, price: isDecimal, gas: isDecimal }],
  health: [API, {}, 'reads'],
  /** Computes the hash of the journal from a known entry up to another. Changes nothing. */
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

/** A requested way out. Instants are ISO 8601. */
export interface AskedWayOut {
  readonly walletId: string;
  /** The earliest time at which the operator can open it. */
  readonly readyAt: string;
  readonly openedAt: string | null;
}

export interface ChainToRead {
  readonly chain: string;
  readonly rpcUrls: readonly string[];
  readonly accounts: readonly { readonly walletId: string; readonly address: string }[];
}

/** The signed acts of a wallet that can still move assets on a chain. */
export interface Unsettled {
  readonly walletId: string;
  readonly chain: string;
  /** The chain's next nonce and the highest signed one; null without an EVM transaction. */
  readonly next: number | null;
  readonly highest: number | null;
  /** Upper bounds by rule, in the smallest unit; null for nothing. */
  readonly amounts: Readonly<Record<string, string>> | null;
}

export type Asked =
  | { readonly isFree: true }
  | {
      readonly isFree: false;
      readonly consent: string;
      readonly link: string;
      /** The deadline for the acceptance, in ISO 8601. */
      readonly expiresAt: string;
    };

/** `open`: not accepted yet. `done`: used for its one act; also an expired consent that was not accepted. */
export const consentStates = ['open', 'accepted', 'done', 'expired'] as const;
export type ConsentState = (typeof consentStates)[number];

export interface ConsentProgress {
  readonly walletId: string;
  readonly kind: ConsentKind;
  readonly state: ConsentState;
}

/** The public data of a wallet. They are personal data if they are tied to a person. */
export interface WalletDescription {
  /** The address with its EIP-55 checksum. */
  readonly evmAddress: string;
  /** The Ed25519 key of the TON wallet, 64 hex digits. */
  readonly tonPublicKey: string;
  /** ISO 8601; null while the wallet is active. */
  readonly frozenAt: string | null;
  readonly wayOut: WayOut | null;
}

/** An entry of the journal. Its hash covers all earlier entries: 64 hex digits, zeros before the first entry. */
export interface JournalPosition {
  readonly sequence: number;
  readonly hash: string;
}

export interface CustodyHealth {
  readonly journal: JournalPosition;
  readonly toRewrap: number;
  readonly rules: { readonly assets: number; readonly consentBots: number };
  /** The last comparison with the API's acts (ISO 8601), and the signatures without one. Null: not configured. */
  readonly comparison: { readonly comparedAt: string | null; readonly withoutAct: number } | null;
  /** The start of the brake (ISO 8601) and its reason; null while wallets are active. */
  readonly brake: { readonly since: string; readonly reason: string } | null;
}

/** The answers of calls that do not answer null. A `Buffer` is JSON unless a comment says otherwise. */
interface Told
  extends
    Readonly<Record<'create' | 'describe', WalletDescription>>,
    Readonly<Record<'ask' | 'ask-for', Asked>>,
    Readonly<Record<'show' | 'collect' | 'own' | 'status' | 'to-read' | 'unsettled' | 'cancel', Buffer>> {
  /** 65 bytes for EVM, 64 for TON. */
  readonly sign: Buffer;
  readonly asked: ConsentProgress;
  readonly accept: { readonly state: ConsentState };
  readonly 'naming-text': { readonly text: string; readonly address: string };
  readonly 'accept-link': { readonly link: string };
  readonly 'way-out-text': { readonly text: string };
  readonly 'ask-way-out': { readonly readyAt: string };
  /** JSON of `AskedWayOut[]`, at most 1,000, the oldest request first. */
  readonly 'ways-out': Buffer;
  readonly 'restore-key': { readonly isNew: boolean };
  readonly health: CustodyHealth;
  /**
   * The last entry of the chain within a limit, or the starting entry if the next one is missing or has another hash.
   * The body is JSON of `Act`: the signatures and exports among the entries.
   */
  readonly journal: JournalPosition & { readonly body: Buffer };
}

export type Answers = { readonly [Name in Call['call']]: Name extends keyof Told ? Told[Name] : null };

/** Why a call has no answer. After `away`, nothing is known about the outcome. `reason` details `act_refused` and `launch_refused`. */
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

export const readingCalls: readonly string[] = Object.entries<Taken>(CALLS).flatMap(([name, [, , reads]]) =>
  reads ? [name] : [],
);

/** Null for anything else, also for unknown fields or a call of another socket. Never throws. */
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
  const { kind, ...request } = readJsonObject(body.toString('utf8')) ?? {};
  const act = readWalletAct(kind, request);
  return act && ({ ...fields, act } as unknown as Call);
}
