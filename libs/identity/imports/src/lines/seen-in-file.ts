import { conflictOf, type Candidate } from './candidate';
import type { LineResult } from './line-result';

/** Of a digest: 48 bits tell the people of one file apart. */
function numberOf(digest: Buffer | null): number {
  return digest?.readUIntBE(0, 6) ?? 0;
}

/** Earlier lines of a dry run, whose people no table has: some hundred bytes of memory for each. */
export class SeenInFile {
  /** The external id of each Telegram id, and the reverse; 0 for none. */
  private readonly externals = new Map<number, number>();
  private readonly subjects = new Map<number, number>();

  /** @param found what the tables say: an earlier line may say more */
  judge(candidate: Candidate, found: LineResult): LineResult {
    const subject = numberOf(candidate.subjectDigest);
    const external = numberOf(candidate.externalDigest);
    const holder = external === 0 ? undefined : this.subjects.get(external);
    if (holder !== undefined && holder !== subject) return conflictOf(candidate, 'import.external_id_taken');
    if (found.outcome !== 'created') return found;
    const known = this.externals.get(subject);
    if (known === undefined) {
      this.externals.set(subject, external);
      if (external !== 0) this.subjects.set(external, subject);
      return found;
    }
    return external !== 0 && external !== known
      ? conflictOf(candidate, 'import.external_id_differs')
      : { ...found, outcome: 'exists' };
  }
}
