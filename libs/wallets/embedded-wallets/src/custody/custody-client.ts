import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineErrors, refusals } from '@countersign/text';
import {
  custodyRefusals,
  encodeFrame,
  exchange,
  MAX_BODY_BYTES,
  Refused,
  type Act,
  type Answers,
  type Asked,
  type AskedWayOut,
  type Call,
  type CallOf,
  type ConsentProgress,
  type CustodyHealth,
  type CustodyRefusal,
  type Environment,
  type JournalPosition,
  type Signing,
  type WalletDescription,
} from '@countersign/custody-protocol';

export const custodyError = defineErrors({
  ...refusals('conflict', {
    'custody.journal_differs':
      'The journal of custody is not the one that the audit trail sealed. The log names the entry. Where a backup was restored: `countersign custody accept` (docs/operations.md).',
  }),
  ...refusals('unavailable', {
    'wallet.custody_unavailable':
      'The keys of embedded wallets cannot be reached. Send the same call again after the number of seconds in `Retry-After`: an act is done once.',
  }),
});

/** Longer than a full queue of calls takes, in milliseconds. */
const TIMEOUT_MS = 10_000;
const RETRY_AFTER_SECONDS = 2;
const WAIT_MS = 250;
const MAX_WAITS = 20;
export type Requester = Partial<Pick<CallOf<'ask'>, 'application' | 'session'>>;
const NO_REQUESTER = { application: '', session: undefined };
const NO_BODY: Buffer = Buffer.alloc(0);

type WithoutBody<Any> = Any extends { readonly act: unknown } ? Omit<Any, 'act'> : Any;
type Header = WithoutBody<Call>;

type ObserveCall = (labels: Readonly<Record<'call' | 'outcome', string>>, seconds: number) => void;

/**
 * Calls the custody process. Each method throws `Refused` (never with the code `away`), or the AppError
 * `wallet.custody_unavailable` (503) if the process is away, stops during the call, or cannot reach its database. After
 * a 503, the act may or may not be done, and the same call may be sent again.
 */
export class CustodyClient {
  private pending = 0;

  /** @param socket the path of the Unix socket; null if the installation has no custody process */
  constructor(
    private readonly socket: string | null,
    private readonly patience: number,
    private readonly observe: ObserveCall = () => undefined,
  ) {}

  get pendingCalls(): number {
    return this.pending;
  }

  get isConfigured(): boolean {
    return this.socket !== null;
  }

  create(act: Act, environment: Environment): Promise<WalletDescription> {
    return this.answerTo({ call: 'create', ...act, environment });
  }

  describe(walletId: string): Promise<WalletDescription> {
    return this.answerTo({ call: 'describe', walletId });
  }

  /** Waits some seconds for a report of the nonce. @param consent from `ask` @returns 65 bytes for EVM, 64 for TON */
  async sign(act: Act, signing: Signing, consent: string | null = null): Promise<Buffer> {
    const { context, body } = split(signing);
    for (let waits = 0; ; waits += 1)
      try {
        return (await this.call({ call: 'sign', ...act, ...context, consent }, body)).body;
      } catch (error) {
        const isUnread = error instanceof Refused && error.code === 'nonce_unread';
        if (!isUnread || waits >= MAX_WAITS * this.patience) throw error;
        await sleep(WAIT_MS);
      }
  }

  /** Asks whether custody would sign, and whether the person must consent first. @param act has its own call id */
  ask(act: Act, signing: Signing, requester: Requester = {}): Promise<Asked> {
    const { context, body } = split(signing);
    return this.answerTo({ call: 'ask', ...act, ...context, ...NO_REQUESTER, ...requester }, body);
  }

  /** Asks for a consent that is always needed. @param act has its own call id @param to the new way out; else null */
  askFor(
    act: Act,
    kind: CallOf<'ask-for'>['kind'],
    requester: Requester = {},
    to: CallOf<'ask-for'>['to'] = null,
  ): Promise<Asked> {
    return this.answerTo({ call: 'ask-for', ...act, kind, ...NO_REQUESTER, ...requester, to });
  }

  async stopNaming(act: Act): Promise<void> {
    await this.call({ call: 'stop-naming', ...act });
  }

  asked(consent: string): Promise<ConsentProgress> {
    return this.answerTo({ call: 'asked', consent });
  }

  async destroy(act: Act): Promise<void> {
    await this.call({ call: 'destroy', ...act });
  }

  async freeze(act: Act): Promise<void> {
    await this.call({ call: 'freeze', ...act });
  }

  async brake(callId: string, reason: string): Promise<void> {
    await this.call({ call: 'brake', callId, reason });
  }

  async waysOut(): Promise<readonly AskedWayOut[]> {
    const { body } = await this.call({ call: 'ways-out' });
    return JSON.parse(body.toString('utf8')) as readonly AskedWayOut[];
  }

  health(): Promise<CustodyHealth> {
    return this.answerTo({ call: 'health' });
  }

  /**
   * Follows the journal's hashes for at most 1,000 entries, and returns the last entry that matches, with the
   * signatures and exports among them. It is the start itself if the next entry is missing or changed.
   * @param until the last entry to read
   */
  async followJournal(
    { sequence: after, hash }: JournalPosition,
    until: number,
  ): Promise<JournalPosition & { readonly signed: readonly Act[] }> {
    const { answer, body } = await this.call({ call: 'journal', after, hash, until });
    const signed = JSON.parse(body.toString('utf8')) as readonly Act[];
    return { ...(answer as JournalPosition), signed };
  }

  private async answerTo<Name extends Call['call']>(
    header: Header & { readonly call: Name },
    body?: Buffer,
  ): Promise<Answers[Name]> {
    return (await this.call(header, body)).answer as Answers[Name];
  }

  private async call(
    header: Header,
    body = NO_BODY,
  ): Promise<{ readonly answer: object; readonly body: Buffer }> {
    if (this.socket === null) throw unavailable();
    const startedAt = performance.now();
    let outcome: CustodyRefusal | 'answered' = 'away';
    this.pending += 1;
    try {
      const request = encodeFrame(header, body);
      const frame = await exchange(request, connect(this.socket), TIMEOUT_MS * this.patience);
      if (!frame) throw unavailable();
      const { ok, ...answer } = frame.header as Readonly<Record<string, unknown>>;
      const { code, reason, retryAfterSeconds } = answer;
      outcome = ok === true ? 'answered' : (custodyRefusals.find((known) => known === code) ?? 'away');
      if (outcome === 'answered') return { answer, body: frame.body };
      if (outcome === 'away') throw unavailable();
      throw new Refused(outcome, {
        ...(typeof reason === 'string' ? { reason } : {}),
        ...(Number.isSafeInteger(retryAfterSeconds) ? { retryAfterSeconds: Number(retryAfterSeconds) } : {}),
      });
    } finally {
      this.pending -= 1;
      this.observe({ call: header.call, outcome }, (performance.now() - startedAt) / 1000);
    }
  }
}

function split({ chain, address, at, act }: Signing): {
  readonly context: Omit<Signing, 'act'>;
  readonly body: Buffer;
} {
  const body = Buffer.from(JSON.stringify(act), 'utf8');
  if (body.length > MAX_BODY_BYTES) throw new Refused('act_refused', { reason: 'wallet.act_too_large' });
  return { context: { chain, address, at }, body };
}

function unavailable(): Error {
  return custodyError('wallet.custody_unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
