import type { Assurance } from '../assurance';

/**
 * `closed`: the account is closed until the erasure. `open`: it goes on, since a weaker proof requested the
 * erasure.
 */
const erasureKinds = ['closed', 'open'] as const;
export type ErasureKind = (typeof erasureKinds)[number];

/** `restore`: a restored database had an account again that was erased. */
export type ErasureReason = 'person' | 'operator' | 'restore';

/** A requested erasure of an account. */
export interface Erasure {
  readonly userId: string;
  readonly kind: ErasureKind;
  readonly reason: ErasureReason;
  /** Weaker proofs cancel nothing; `null` where any proof does. */
  readonly assurance: Assurance | null;
  /** Where it was requested. */
  readonly applicationId: string | null;
  readonly requestedAt: Date;
  readonly eraseAt: Date;
  /** From then on it cannot be cancelled. */
  readonly startedAt: Date | null;
}
