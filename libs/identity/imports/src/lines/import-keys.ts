import { deriveMacKey, macOf, type AssociatedData, type DataKey, type MacKey } from '@countersign/crypto';
import type { ReadPerson } from './import-line';

/** Where the wrapped key of an import stands. */
export function digestKeyAad(importId: string): AssociatedData {
  return { table: 'imports', column: 'digest_key', row: importId };
}

export interface DigestedPerson {
  readonly subjectDigest: Buffer;
  readonly externalDigest: Buffer | null;
}

/** Digests that only one import can make: external ids of two systems may be equal. */
export class ImportDigests {
  private readonly subjects: MacKey;
  private readonly externals: MacKey;

  constructor(key: DataKey) {
    this.subjects = deriveMacKey(key, 'countersign/imports/subject');
    this.externals = deriveMacKey(key, 'countersign/imports/external');
  }

  of({ telegramId, externalId }: ReadPerson, environment: string): DigestedPerson {
    return {
      subjectDigest: macOf(this.subjects, Buffer.from(`${environment}/${telegramId}`)),
      externalDigest: externalId === null ? null : macOf(this.externals, Buffer.from(externalId)),
    };
  }
}
