import { Injectable } from '@nestjs/common';
import { AuditService, operator } from '@countersign/audit';
import { Database } from '@countersign/database';
import { UserImports } from '@countersign/users';
import { importError } from './imports.errors';
import { ImportsRepository } from './imports.repository';

const BATCH = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

interface UndoneImport {
  readonly importId: string;
  readonly removed: number;
  /** People who have signed in, or whom something else refers to, such as a team. */
  readonly remaining: number;
}

/** Removes people of an import who have not signed in. */
@Injectable()
export class ImportUndoing {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportsRepository,
    private readonly users: UserImports,
    private readonly audit: AuditService,
  ) {}

  /** In small transactions: it may be repeated after a failure. @throws AppError import.not_found */
  async undo(importId: string): Promise<UndoneImport> {
    let [removed, remaining] = [0, 0];
    for (let afterId: string | null = BEFORE_ALL; afterId !== null;) {
      const batch = await this.undoBatch(importId, afterId);
      removed += batch.removed;
      remaining += batch.remaining;
      afterId = batch.lastId;
    }
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.imports.deleteIfEmpty(tx, importId);
      await this.audit.record(tx, 'import.undone', {
        actor: operator(),
        subject: importId,
        details: { removed: String(removed), remaining: String(remaining) },
      });
    });
    return { importId, removed, remaining };
  }

  private async undoBatch(
    importId: string,
    afterId: string,
  ): Promise<{ readonly removed: number; readonly remaining: number; readonly lastId: string | null }> {
    return this.database.transaction(async (tx) => {
      if (!(await this.imports.lock(tx, importId))) throw importError('import.not_found');
      const next = await this.imports.next(tx, importId, afterId, BATCH);
      const ids = next.map(({ identityId }) => identityId);
      const removed = new Set(ids.length === 0 ? [] : await this.users.removeUntouched(tx, ids));
      const subjects = next.filter(({ identityId }) => removed.has(identityId));
      await this.imports.delete(
        tx,
        importId,
        subjects.map(({ subjectDigest }) => subjectDigest),
      );
      const lastId = ids.at(-1) ?? null;
      return { removed: removed.size, remaining: ids.length - removed.size, lastId };
    });
  }
}
