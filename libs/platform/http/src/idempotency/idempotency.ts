import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, plusSeconds } from '@countersign/runtime';
import { KeyRing, lengthPrefixed, sealedJson, sealedText, sha256 } from '@countersign/crypto';
import { Database, insertIfNew } from '@countersign/database';
import { IDEMPOTENCY_HOURS, IdempotencyKeyEntity } from './idempotency-key.entity';
import { defineErrors, refusals } from '@countersign/text';

const idempotencyError = defineErrors({
  ...refusals('malformed', {
    'idempotency.invalid_key': '`Idempotency-Key` is not one of 1 to 255 visible characters',
  }),
  ...refusals('conflict', {
    'idempotency.in_progress':
      'The first request with this `Idempotency-Key` is still being answered. Repeat the request after a moment.',
    'idempotency.unknown_outcome':
      'The first request with this `Idempotency-Key` was interrupted. Look whether it has created something, then use another key.',
  }),
  ...refusals('impossible', {
    'idempotency.key_reused':
      'This `Idempotency-Key` was used for another request. Use a new key for each request.',
  }),
});

/** Every request is shorter. */
const RUNNING_SECONDS = 60;
const VISIBLE = /^[\x21-\x7e]{1,255}$/;

const sealedRequest = sealedText('idempotency_keys', 'request');
const sealedAnswer = sealedJson<object>('idempotency_keys', 'answer');

interface OnceOnly {
  /** The value of `Idempotency-Key`: a string of RFC 9651, or bare. */
  readonly key: string;
  /** Identifies the caller. Callers of different kinds have different numbers of items. */
  readonly caller: readonly string[];
  readonly route: string;
  /** Digest of the body, as text. */
  readonly body: string;
}

/** Repeats the answer of the first request. Failed requests are not remembered. */
@Injectable()
export class Idempotency {
  constructor(
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** @param isRefused whether the failed work certainly had no effect: then the request is forgotten */
  async once(
    { key, caller, route, body }: OnceOnly,
    work: () => Promise<object>,
    isRefused: (error: unknown) => boolean,
  ): Promise<{ readonly answer: object; readonly isRepeated: boolean }> {
    const plain = /^"(.*)"$/.exec(key)?.[1] ?? key;
    if (!VISIBLE.test(plain)) throw idempotencyError('idempotency.invalid_key');
    const [id, createdAt] = [uuidv7(), this.clock.now()];
    const named = [...caller, route, plain];
    const digest = sha256(lengthPrefixed(named));
    // Write access to the database is enough to change `digest`. The sealed value proves whose answer it is.
    const fingerprint = sha256(lengthPrefixed([...named, body])).toString('base64');
    const { isNew, earlier } = await this.database.transaction(async (tx) => {
      const forgottenBefore = plusSeconds(createdAt, -IDEMPOTENCY_HOURS * 3_600);
      await tx.delete(IdempotencyKeyEntity, { digest, createdAt: LessThan(forgottenBefore) });
      const request = sealedRequest.seal(this.keyRing, id, fingerprint);
      const row = { id, digest, request, answer: null, createdAt };
      const isNew = await insertIfNew(tx, IdempotencyKeyEntity, row, 'id');
      return { isNew, earlier: isNew ? null : await tx.findOneBy(IdempotencyKeyEntity, { digest }) };
    });
    if (isNew) return { answer: await this.answerFirst(id, work, isRefused), isRepeated: false };
    // The earlier request was just refused and forgotten. A third request may have taken the key meanwhile.
    if (!earlier) throw idempotencyError('idempotency.in_progress', { retryAfterSeconds: 1 });
    const first = sealedRequest.open(this.keyRing, earlier.id, earlier.request);
    if (first !== fingerprint) throw idempotencyError('idempotency.key_reused');
    if (earlier.answer === null) throw this.unfinished(earlier);
    return { answer: sealedAnswer.open(this.keyRing, earlier.id, earlier.answer), isRepeated: true };
  }

  private unfinished({ createdAt }: IdempotencyKeyEntity): Error {
    // A wrong clock has written a row whose begin is in the future.
    const isFuture = createdAt > plusSeconds(this.clock.now(), RUNNING_SECONDS);
    return plusSeconds(createdAt, RUNNING_SECONDS) > this.clock.now() && !isFuture
      ? idempotencyError('idempotency.in_progress', { retryAfterSeconds: 1 })
      : idempotencyError('idempotency.unknown_outcome');
  }

  private async answerFirst(
    id: string,
    work: () => Promise<object>,
    isRefused: (error: unknown) => boolean,
  ): Promise<object> {
    let answer: object;
    try {
      answer = await work();
    } catch (error) {
      if (isRefused(error)) await this.database.transaction((tx) => tx.delete(IdempotencyKeyEntity, { id }));
      throw error;
    }
    const sealed = sealedAnswer.seal(this.keyRing, id, answer);
    await this.database.transaction((tx) => tx.update(IdempotencyKeyEntity, { id }, { answer: sealed }));
    return answer;
  }
}
