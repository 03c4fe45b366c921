import type { ImportRefusal } from './import-refusals';

/** What became of one line. */
export interface LineResult {
  /** From 1. */
  readonly line: number;
  readonly outcome: 'created' | 'exists' | 'invalid';
  /** Of `created` and `exists`; null where a dry run creates no account. */
  readonly userId?: string | null;
  /** As it was given. */
  readonly externalId?: string;
  /** Of `invalid`. */
  readonly code?: ImportRefusal;
  /** Of `import.member_invalid`, and of others about one known member. */
  readonly member?: string;
}
