import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { neededFields } from '@countersign/auth';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { UnneededFields, type ClearedBatch } from '@countersign/users';

const BATCH = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Clears profile fields of proofs that no application of the person needs any more. */
@Injectable()
@Recurring({
  name: 'proof-field-upkeep',
  cron: '41 3 * * *',
  everyMinutes: 1_440,
  removes: { 'fields of proofs': 'a day at most after no application of the person needs them' },
})
export class ProofFieldUpkeep {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsService,
    private readonly fields: UnneededFields,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Small batches, each its own transaction.
   * @returns how many identities were changed
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    let total = 0;
    for (let afterId: string | null = FIRST_ID; afterId !== null;) {
      const batch = await this.clear(afterId);
      total += batch.cleared;
      afterId = batch.lastId;
    }
    return total;
  }

  private async clear(afterId: string): Promise<ClearedBatch> {
    // Read for each batch: an application may need a field again.
    const applications = await this.applications.listAll();
    const needed = applications.flatMap((application) =>
      [...neededFields(application)].map((field) => ({ applicationId: application.id, field })),
    );
    const now = await this.clock.now();
    return this.database.transaction((tx) => this.fields.clear(tx, needed, { afterId, limit: BATCH, now }));
  }
}
