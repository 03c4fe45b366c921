import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BringsToActiveKey, RingCheck } from '@countersign/keys';
import { ErasureLedger, type LedgerEntry } from '@countersign/ledger';
import { Installation } from '@countersign/users';
import { LedgerComparison } from './ledger-comparison';

/** `keys rewrap` of the ledger: entries of this installation get a MAC under the first index key, and retired keys are named. */
@Injectable()
@BringsToActiveKey()
export class LedgerMacs {
  readonly name = 'erasure_ledger.macs';
  readonly purpose = 'index';

  constructor(
    private readonly ledger: ErasureLedger,
    private readonly comparison: LedgerComparison,
    private readonly installation: Installation,
    private readonly ringCheck: RingCheck,
    private readonly keyRing: KeyRing,
  ) {}

  async countBehind(manager: EntityManager): Promise<number> {
    return (await this.behind(manager)).length;
  }

  /** Does nothing while an operator has to answer, because nothing is written to the ledger then. */
  async step(tx: EntityManager): Promise<{ position: string; done: number; isEnd: boolean }> {
    const { state } = await this.comparison.compare();
    const entries = state === 'fine' ? await this.behind(tx) : [];
    await this.ledger.signAgain(entries);
    return { position: '', done: entries.length, isEnd: true };
  }

  /** After the former keys are retired. */
  async deleteOthers(tx: EntityManager): Promise<number> {
    await this.ringCheck.compare();
    const inUse = this.keyRing.inUse('index');
    const { id } = await this.installation.read(tx);
    const { verified } = await this.ledger.read(id, 0);
    const retired = this.keyRing
      .all('index')
      .filter((key) => !inUse.includes(key) && !verified.some(({ keyId }) => keyId === key.id));
    if (retired.length > 0)
      await this.comparison.write(retired.map((key) => ({ kind: 'retired', keyId: key.id })));
    return 0;
  }

  private async behind(manager: EntityManager): Promise<readonly LedgerEntry[]> {
    const { id } = await this.installation.read(manager);
    const { verified } = await this.ledger.read(id, 0);
    return verified.filter((entry) => !this.ledger.isSigned(entry));
  }
}
