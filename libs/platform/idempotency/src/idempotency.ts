import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, plusSeconds } from '@countersign/clock';
import { KeyRing, lengthPrefixed, open, seal, sha256, type Sealed } from '@countersign/crypto';
import { Database, insertIfNew } from '@countersign/database';
import { IDEMPOTENCY_HOURS, IdempotencyKeyEntity } from './idempotency-key.entity';
import { defineErrors } from '@countersign/errors';

const idempotencyError = defineErrors({
  'idempotency.invalid_key': {
    kind: 'malformed',
    title: '`Idempotency-Key` is not one of 1 to 255 visible characters',
  },
  'idempotency.in_progress': {
    kind: 'conflict',
    title: 'The first request with this `Idempotency-Key` is still being answered',
    remedy: 'Repeat the request after a moment.',
  },
  'idempotency.unknown_outcome': {
    kind: 'conflict',
    title: 'The first request with this `Idempotency-Key` was interrupted',
    remedy: 'Look whether it has created something, then use another key.',
  },
  'idempotency.key_reused': {
    kind: 'impossible',
    title: 'This `Idempotency-Key` was used for another request',
    remedy: 'Use a new key for each request.',
  },
});

/** No request takes longer. */
const RUNNING_SECONDS = 60;
const TABLE = 'idempotency_keys';
const VISIBLE = /^[\x21-\x7e]{1,255}$/;

type SealedColumn = 'request' | 'answer';

/** A request that is to have its effect once. */
export interface OnceOnly {
  /** The value of `Idempotency-Key`: a string of RFC 9651, or bare. */
  readonly key: string;
  /** What names the caller. Callers of different kinds have different numbers of parts. */
  readonly caller: readonly string[];
  readonly route: string;
  /** Of the body, as text. */
  readonly body: string;
}

/** Answers repeated requests as the first one was answered. Failed requests are not remembered. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns what the first request was answered, or `null` and a way to remember this one.
   * @throws AppError idempotency.*
   */
  async begin({ key, caller, route, body }: OnceOnly): Promise<Begun> {
    const plain = /^"(.*)"$/.exec(key)?.[1] ?? key;
    if (!VISIBLE.test(plain)) throw idempotencyError('idempotency.invalid_key');
    const [id, createdAt] = [uuidv7(), this.clock.now()];
    const named = [...caller, route, plain];
    const digest = sha256(lengthPrefixed(named));
    // Write access to the database is enough to change `digest`: what is sealed says whose answer it is.
    const fingerprint = sha256(lengthPrefixed([...named, body])).toString('base64');
    const { isNew, earlier } = await this.database.transaction(async (tx) => {
      await tx.delete(IdempotencyKeyEntity, { digest, createdAt: LessThan(this.forgottenBefore()) });
      const row = { id, digest, request: this.seal(id, 'request', fingerprint), answer: null, createdAt };
      const isNew = await insertIfNew(tx, IdempotencyKeyEntity, row, 'id');
      return { isNew, earlier: isNew ? null : await tx.findOneBy(IdempotencyKeyEntity, { digest }) };
    });
    if (isNew)
      return { answer: null, finish: (answer) => this.finish(id, answer), forget: () => this.forget(id) };
    // Refused and forgotten just now: a third request may have taken the key since.
    if (!earlier) throw idempotencyError('idempotency.in_progress', { retryAfterSeconds: 1 });
    const first = this.open(earlier.id, 'request', earlier.request);
    if (first !== fingerprint) throw idempotencyError('idempotency.key_reused');
    if (earlier.answer === null) throw this.unfinished(earlier);
    return { answer: JSON.parse(this.open(earlier.id, 'answer', earlier.answer)) as object };
  }

  private forgottenBefore(): Date {
    return plusSeconds(this.clock.now(), -IDEMPOTENCY_HOURS * 3_600);
  }

  private unfinished({ createdAt }: IdempotencyKeyEntity): Error {
    // One that began later than now was written by a wrong clock.
    const isFuture = createdAt > plusSeconds(this.clock.now(), RUNNING_SECONDS);
    return plusSeconds(createdAt, RUNNING_SECONDS) > this.clock.now() && !isFuture
      ? idempotencyError('idempotency.in_progress', { retryAfterSeconds: 1 })
      : idempotencyError('idempotency.unknown_outcome');
  }

  private async finish(id: string, answer: object): Promise<void> {
    const sealed = this.seal(id, 'answer', JSON.stringify(answer));
    await this.database.transaction((tx) => tx.update(IdempotencyKeyEntity, { id }, { answer: sealed }));
  }

  private async forget(id: string): Promise<void> {
    await this.database.transaction((tx) => tx.delete(IdempotencyKeyEntity, { id }));
  }

  private seal(row: string, column: SealedColumn, text: string): Sealed {
    return seal(this.keyRing, { table: TABLE, column, row }, text);
  }

  private open(row: string, column: SealedColumn, sealed: Sealed): string {
    return open(this.keyRing, { table: TABLE, column, row }, sealed);
  }
}

/** A repeated request with its answer, or a first one: call `finish` or `forget` at its end. */
export type Begun =
  | { readonly answer: object }
  | {
      readonly answer: null;
      readonly finish: (answer: object) => Promise<void>;
      readonly forget: () => Promise<void>;
    };
