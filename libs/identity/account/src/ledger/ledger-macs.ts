import { Injectable } from '@nestjs/common';
import { KeyRing } from '@countersign/crypto';
import { BringsToActiveKey, RingCheck } from '@countersign/keys';
import { ErasureLedger } from '@countersign/ledger';
import { LedgerComparison } from './ledger-comparison';

/** `keys rewrap` of the ledger: entries that verify get a MAC under the first index key, and retired keys are named. */
@Injectable()
@BringsToActiveKey()
export class LedgerMacs {
  readonly name = 'erasure_ledger.macs';
  readonly purpose = 'index';

  constructor(
    private readonly ledger: ErasureLedger,
    private readonly comparison: LedgerComparison,
    private readonly ringCheck: RingCheck,
    private readonly keyRing: KeyRing,
  ) {}

  async countBehind(): Promise<number> {
    return (await this.behind()).entries.length;
  }

  /** Does nothing while an operator has to answer, because nothing is written to the ledger then. */
  async step(): Promise<{ position: string; done: number; isEnd: boolean }> {
    const { state, entries } = await this.behind();
    if (state === 'fine') await this.ledger.signAgain(entries);
    return { position: '', done: state === 'fine' ? entries.length : 0, isEnd: true };
  }

  /** Runs after the former keys are retired. */
  async deleteOthers(): Promise<number> {
    await this.ringCheck.compare();
    const inUse = this.keyRing.inUse('index');
    const { installation, verified } = await this.comparison.compare(true);
    const own = verified.filter((entry) => entry.installation === installation.id);
    const retired = this.keyRing
      .all('index')
      .filter((key) => !inUse.includes(key) && !own.some(({ keyId }) => keyId === key.id));
    if (retired.length > 0)
      await this.comparison.write(retired.map((key) => ({ kind: 'retired', keyId: key.id })));
    return 0;
  }

  private async behind() {
    const { state, verified } = await this.comparison.compare(true);
    return { state, entries: verified.filter((entry) => !this.ledger.isSigned(entry)) };
  }
}
