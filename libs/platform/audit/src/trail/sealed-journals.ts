import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/extensions';
import type { JournalComparison } from '../verification/audit-problem';

export interface SealedJournal {
  compare(): Promise<JournalComparison>;
}

/** Registers a `SealedJournal`. */
export const HasSealedJournal = extensionPoint<SealedJournal>();

/** The journal outside of this database whose head is in the trail: there is at most one. */
@Injectable()
export class SealedJournals {
  private readonly journals;

  constructor(discovery: DiscoveryService) {
    this.journals = HasSealedJournal.in(discovery);
  }

  async compare(): Promise<JournalComparison> {
    const [journal] = this.journals.all;
    return journal ? journal.compare() : { answer: 'none', entry: null };
  }
}
