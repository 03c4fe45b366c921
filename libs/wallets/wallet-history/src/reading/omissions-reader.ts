import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import { unlessSealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';

import type { OmittedContracts } from '../entry';
import { omissionsDigest } from '../store/digests';
import { sealedOmissions } from '../store/sealing';
import { OmissionCountsRepository } from '../store/omission-counts.repository';
import { NOTHING_OMITTED, noted } from '../omission-count';
import type { ReadEntry } from './history-reader';

/** What is not stored of a wallet's transfers on a chain. */
export interface Omissions extends OmittedContracts {
  /** How many in final blocks. */
  readonly transfers: number;
  /** The stored count cannot be opened: any number of transfers may be missing. */
  readonly isDamaged: boolean;
}

/** Reads what is missing of a wallet on one chain, in the snapshot of the caller. */
@Injectable()
export class OmissionsReader {
  constructor(private readonly omissionCounts: OmissionCountsRepository) {}

  /** @param pending entries of blocks that are not final, whose contracts are noted too */
  async of(
    manager: EntityManager,
    wallet: OpenedWallet,
    { id, tokens }: Pick<Chain, 'id' | 'tokens'>,
    pending: readonly ReadEntry[] = [],
  ): Promise<Omissions> {
    const digest = omissionsDigest(wallet, id);
    const [row] = await this.omissionCounts.find(manager, [digest]);
    const known = row && unlessSealed(() => sealedOmissions.open(wallet.dataKey, [digest], row.content));
    const count = known ?? NOTHING_OMITTED;
    const listed = new Set(tokens.map(({ address }) => address));
    let omitted: OmittedContracts = count;
    for (const { entry } of pending)
      if (entry.omittedOf && entry.vanishedAt === null) omitted = noted(omitted, entry.omittedOf, listed);
    const { contracts, hasOthers } = omitted;
    return { transfers: count.omitted, contracts, hasOthers, isDamaged: row !== undefined && !known };
  }
}
