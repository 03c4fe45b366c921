import type { Erasure } from '@countersign/users';

export interface RequestedErasure {
  readonly erasure: Erasure;
  /** Sessions that have ended. */
  readonly ended: readonly string[];
}

export interface ErasureRequest {
  readonly by: { readonly actor: string; readonly applicationId?: string };
  /** For the audit trail. */
  readonly details: Readonly<Record<string, string>>;
  /** Outdates proofs and ends sessions. */
  readonly end: () => Promise<readonly string[]>;
}

/** For the audit trail. */
export function trailOf(forfeited: readonly string[]): Readonly<Record<string, string>> {
  return forfeited.length === 0 ? {} : { forfeited: forfeited.join(' ') };
}

/** An operator's erasure, where its person may have requested one. */
export function hastened(known: Erasure | null, closing: Erasure): Erasure {
  if (known?.reason !== 'person') return closing;
  const eraseAt = known.eraseAt < closing.eraseAt ? known.eraseAt : closing.eraseAt;
  return known.kind === 'closed' ? { ...known, eraseAt } : { ...closing, reason: 'person', eraseAt };
}
