import type { Pool } from 'pg';
import type { Clock, Logger } from '@countersign/runtime';
import { signedWithoutAct, type CustodyHealth } from '@countersign/custody-protocol';
import type { CustodyDatabase } from './store/custody-database.repository';
import {
  callsWithoutAct,
  journalHead,
  setCompared,
  uncompared,
  writeEntry,
} from './store/journal.repository';
import type { SealedWallets } from './store/sealed-wallets.repository';

const REASON = 'a signature has no act of the API';

/**
 * Compares the journal with the calls in the database of the API. The API stores each act and each version of a send
 * before custody signs it. A signature or an export that the API does not know pulls the brake.
 */
export class Comparison {
  private comparedAt: Date | null = null;

  /** @param api the database of the API, with a role that may connect and nothing else */
  constructor(
    private readonly api: Pool,
    private readonly database: CustodyDatabase,
    private readonly wallets: SealedWallets,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  state(withoutAct: number): CustodyHealth['comparison'] {
    return { comparedAt: this.comparedAt?.toISOString() ?? null, withoutAct };
  }

  async run(): Promise<void> {
    const { sequence: end } = await this.database.transaction((client) => journalHead(client));
    while (await this.compareSome(end));
    this.comparedAt = this.clock.now();
  }

  private async compareSome(end: string): Promise<boolean> {
    const { from, to, signed } = await this.database.transaction(uncompared);
    const rows = await callsWithoutAct(this.api, signed);
    if (from === to) return false;
    const found = await this.database.transaction(async (client) => {
      const head = await journalHead(client, 'FOR UPDATE');
      if (head.compared !== from) return [];
      const withoutAct = await signedWithoutAct(signed, rows, (id) => this.wallets.isDestroyed(client, id));
      await setCompared(client, head, to, withoutAct.length);
      if (withoutAct.length > 0) await writeEntry(client, { call: 'brake', kind: REASON }, this.clock.now());
      return withoutAct;
    });
    for (const act of found) this.logger.error({ code: 'signature_without_act', ...act }, REASON);
    return BigInt(to) < BigInt(end);
  }
}
