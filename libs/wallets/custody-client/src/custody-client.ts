import { connect } from 'node:net';
import { defineErrors } from '@countersign/errors';
import {
  custodyRefusals,
  encodeFrame,
  exchange,
  MAX_BODY_BYTES,
  type Answers,
  type Asked,
  type AskedWayOut,
  type Call,
  type ConsentKind,
  type ConsentProgress,
  type CustodyHealth,
  type CustodyRefusal,
  type Environment,
  type Frame,
  type JournalledAct,
  type JournalPosition,
  type Signing,
  type WalletDescription,
} from '@countersign/custody-protocol';

export const custodyError = defineErrors({
  'custody.journal_differs': {
    kind: 'conflict',
    title: 'The journal of custody is not the one that the audit trail sealed',
    remedy:
      'The log names the entry. Where a backup was restored: `countersign custody accept` (docs/operations.md).',
  },
  'wallet.custody_unavailable': {
    kind: 'unavailable',
    title: 'The keys of embedded wallets cannot be reached',
    remedy: 'Send the same call again after the number of seconds in `Retry-After`: an act is done once.',
  },
});

/** Longer than a full queue of calls takes, in milliseconds. */
const TIMEOUT_MS = 10_000;
const RETRY_AFTER_SECONDS = 2;
const NO_BODY: Buffer = Buffer.alloc(0);

/** The custody process refuses the call: it is not done. `away` is an error of its own, see `CustodyClient`. */
export class CustodyRefused extends Error {
  override readonly name = 'CustodyRefused';

  constructor(
    readonly code: Exclude<CustodyRefusal, 'away'>,
    readonly details: {
      /** Of `act_refused`: a rule of `walletActRefusals`. */
      readonly reason?: string;
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(`custody refuses the call: ${code}`);
  }
}

/** A call without its body. */
type Header = Exclude<Call, Signing> | Omit<Extract<Call, Signing>, 'act'>;

/** Called after each call, with its outcome: `answered`, `away`, or why it was refused. */
type ObserveCall = (labels: Readonly<Record<'call' | 'outcome', string>>, seconds: number) => void;

/** An act, under an id that its caller has stored: repeated with it, the act is journalled once. */
export interface Act {
  readonly callId: string;
  readonly walletId: string;
}

/**
 * Calls the custody process. Each method throws `CustodyRefused`, and the AppError `wallet.custody_unavailable` (503) when
 * the process is away, stops in the middle of the call, or cannot reach its database: then it is unknown whether the
 * act is done, and the same call may be sent again.
 */
export class CustodyClient {
  private pending = 0;

  /** @param socket path of the Unix socket; null where this installation has no custody process */
  constructor(
    private readonly socket: string | null,
    private readonly patience: number,
    private readonly observe: ObserveCall = () => undefined,
  ) {}

  /** Calls without an answer yet: custody does one at a time, and the others wait. */
  get pendingCalls(): number {
    return this.pending;
  }

  get isConfigured(): boolean {
    return this.socket !== null;
  }

  create(act: Act, environment: Environment): Promise<WalletDescription> {
    return this.description({ call: 'create', ...idsOf(act), environment });
  }

  describe(walletId: string): Promise<WalletDescription> {
    return this.description({ call: 'describe', walletId });
  }

  /** @param consent of the person, where `ask` answers one @returns 65 bytes for EVM, 64 for TON */
  async sign(act: Act, signing: Signing, consent: string | null = null): Promise<Answers['sign']> {
    const header = { call: 'sign' as const, ...idsOf(act), ...contextOf(signing), consent };
    return (await this.call(header, bodyOf(signing))).body;
  }

  /** Whether custody would sign, and whether the person has to consent first. @param act with an id of its own */
  async ask(act: Act, signing: Signing): Promise<Asked> {
    const header = { call: 'ask' as const, ...idsOf(act), ...contextOf(signing) };
    return askedIn(await this.call(header, bodyOf(signing)));
  }

  /** Asks for consent that is always needed. @param act with an id of its own */
  async askFor(act: Act, kind: Exclude<ConsentKind, 'sign' | 'way-out'>): Promise<Asked> {
    return askedIn(await this.call({ call: 'ask-for', ...idsOf(act), kind }));
  }

  async asked(consent: string): Promise<ConsentProgress> {
    const { walletId, kind, state } = (await this.call({ call: 'asked', consent })).header as ConsentProgress;
    return { walletId, kind, state };
  }

  /** The wallet does nothing from now on. Its keys are deleted a week later. */
  async destroy(act: Act): Promise<void> {
    await this.call({ call: 'destroy', ...idsOf(act) });
  }

  /** The wallet signs nothing and shows no words, until it is unfrozen by its person or by the operator of custody. */
  async freeze(act: Act): Promise<void> {
    await this.call({ call: 'freeze', ...idsOf(act) });
  }

  /** No wallet signs anything or shows words, until the operator of custody releases the brake. */
  async brake(callId: string, reason: string): Promise<void> {
    await this.call({ call: 'brake', callId, reason });
  }

  /** Ways out that wallets of persons asked for. */
  async waysOut(): Promise<readonly AskedWayOut[]> {
    const { body } = await this.call({ call: 'ways-out' });
    return JSON.parse(body.toString('utf8')) as readonly AskedWayOut[];
  }

  async health(): Promise<CustodyHealth> {
    const answer = (await this.call({ call: 'health' })).header as CustodyHealth;
    const { journal, toRewrap, rules, comparison, brake } = answer;
    return { journal, toRewrap, rules, comparison, brake };
  }

  /**
   * The last entry up to which the journal's entries have their hashes: at most 1,000 after the one that is known, and
   * `known` itself where the next one is missing or changed. With the signatures and exports among them.
   *
   * @param until the last entry to read
   */
  async followJournal(
    known: JournalPosition,
    until: number,
  ): Promise<JournalPosition & { readonly signed: readonly JournalledAct[] }> {
    const call = { call: 'journal' as const, after: known.sequence, hash: known.hash, until };
    const { header, body } = await this.call(call);
    const { sequence, hash } = header as JournalPosition;
    return { sequence, hash, signed: JSON.parse(body.toString('utf8')) as readonly JournalledAct[] };
  }

  private async description(header: Exclude<Call, Signing>): Promise<WalletDescription> {
    const answer = (await this.call(header)).header as WalletDescription;
    const { evmAddress, tonPublicKey, frozenAt } = answer;
    return { evmAddress, tonPublicKey, frozenAt };
  }

  private async call(header: Header, body = NO_BODY): Promise<Frame> {
    if (this.socket === null) throw unavailable();
    const startedAt = performance.now();
    let outcome: CustodyRefusal | 'answered' = 'away';
    this.pending += 1;
    try {
      const request = encodeFrame(header, body);
      const answer = await exchange(request, connect(this.socket), TIMEOUT_MS * this.patience);
      if (!answer) throw unavailable();
      const { ok, code, reason, retryAfterSeconds } = answer.header as Readonly<Record<string, unknown>>;
      outcome = ok === true ? 'answered' : (custodyRefusals.find((known) => known === code) ?? 'away');
      if (outcome === 'answered') return answer;
      if (outcome === 'away') throw unavailable();
      throw new CustodyRefused(outcome, {
        ...(typeof reason === 'string' ? { reason } : {}),
        ...(Number.isSafeInteger(retryAfterSeconds) ? { retryAfterSeconds: Number(retryAfterSeconds) } : {}),
      });
    } finally {
      this.pending -= 1;
      this.observe({ call: header.call, outcome }, (performance.now() - startedAt) / 1000);
    }
  }
}

function askedIn({ header }: Frame): Asked {
  const asked = header as Asked;
  if (asked.isFree) return { isFree: true };
  const { isFree, consent, link, expiresAt } = asked;
  return { isFree, consent, link, expiresAt };
}

/** Without other fields of the caller's object. */
function idsOf({ callId, walletId }: Act): Act {
  return { callId, walletId };
}

function contextOf({ chain, address, at }: Signing): Omit<Signing, 'act'> {
  return { chain, address, at };
}

/** @throws CustodyRefused for more than the protocol takes */
function bodyOf({ act }: Signing): Buffer {
  const body = Buffer.from(JSON.stringify(act), 'utf8');
  if (body.length > MAX_BODY_BYTES)
    throw new CustodyRefused('act_refused', { reason: 'wallet.act_too_large' });
  return body;
}

function unavailable(): Error {
  return custodyError('wallet.custody_unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
