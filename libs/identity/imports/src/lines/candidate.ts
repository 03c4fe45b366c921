import type { DigestedPerson } from './import-keys';
import type { ReadPerson } from './import-line';
import type { ImportRefusal } from './import-refusals';
import type { ImportedIdentityEntity } from '../import.entity';
import type { LineResult } from './line-result';

/** A line with a person, and what the import knows them by. */
export interface Candidate extends DigestedPerson {
  readonly line: number;
  readonly person: ReadPerson;
}

/** A line that has a result, or is still to have one. */
export type Pending = LineResult | Candidate;

/** What is to become of a line. `created` stands for an account that is to be created. */
export function judge(
  candidate: Candidate,
  ownerId: string | null,
  own: ImportedIdentityEntity | undefined,
  holder: ImportedIdentityEntity | undefined,
): LineResult {
  if (holder && holder !== own) return conflictOf(candidate, 'import.external_id_taken');
  // Of an identity that the import did not create, or that is gone, it knows no external id.
  if (own && own.identityId !== null && candidate.externalDigest && holder !== own)
    return conflictOf(candidate, 'import.external_id_differs');
  if (ownerId !== null) return resultOf(candidate, 'exists', ownerId);
  return own ? conflictOf(candidate, 'import.person_gone') : resultOf(candidate, 'created', null);
}

/** @param userId null where there is none yet */
function resultOf(
  { line, person: { externalId } }: Candidate,
  outcome: 'created' | 'exists',
  userId: string | null,
): LineResult {
  return { line, outcome, userId, ...(externalId !== null && { externalId }) };
}

export function conflictOf(
  { line, person: { externalId } }: Pick<Candidate, 'line' | 'person'>,
  code: ImportRefusal,
): LineResult {
  return { line, outcome: 'conflict', code, ...(externalId !== null && { externalId }) };
}

/** Each line of a batch is decided. */
export function notDecided(): never {
  throw new Error('a line of an import was not decided');
}
