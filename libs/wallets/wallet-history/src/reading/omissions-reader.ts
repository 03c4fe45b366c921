import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import { unlessSealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { tallyDigest } from '../store/digests';
import { sealedTally } from '../store/sealing';
import { TalliesRepository } from '../store/omission-counts.repository';
import type { OmittedContracts } from '../entry';
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
  constructor(private readonly tallies: TalliesRepository) {}

  /** @param pending entries of blocks that are not final, whose contracts are noted too */
  async of(
    manager: EntityManager,
    wallet: OpenedWallet,
    { id, tokens }: Pick<Chain, 'id' | 'tokens'>,
    pending: readonly ReadEntry[] = [],
  ): Promise<Omissions> {
    const digest = tallyDigest(wallet, id);
    const [row] = await this.tallies.find(manager, [digest]);
    const known = row && unlessSealed(() => sealedTally.open(wallet.dataKey, [digest], row.content));
    const tally = known ?? NOTHING_OMITTED;
    const listed = new Set(tokens.map(({ address }) => address));
    let omitted: OmittedContracts = tally;
    for (const { entry } of pending)
      if (entry.omittedOf && entry.vanishedAt === null) omitted = noted(omitted, entry.omittedOf, listed);
    const { contracts, hasOthers } = omitted;
    return { transfers: tally.omitted, contracts, hasOthers, isDamaged: row !== undefined && !known };
  }
}
