import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';

const CONTROL = `(SELECT system_identifier FROM pg_control_system()),
  left(pg_walfile_name(pg_current_wal_lsn()), 8),`;

/** What PostgreSQL knows that names a database. */
@Injectable()
export class DatabaseNameRepository {
  private mayAsk: boolean | null = null;

  /** The cluster and the timeline of its WAL, where the role may ask for them; the database, and a table as it was created in it. */
  async find(manager: EntityManager): Promise<string> {
    this.mayAsk ??= await mayAskControl(manager);
    const found = await firstRow<{ name: string }>(
      manager,
      `SELECT concat_ws('/', ${this.mayAsk ? CONTROL : ''}
         (SELECT oid FROM pg_database WHERE datname = current_database()), 'sends'::regclass::oid) AS name`,
    );
    return found?.name ?? '';
  }
}

async function mayAskControl(manager: EntityManager): Promise<boolean> {
  const found = await firstRow<{ may: boolean }>(
    manager,
    `SELECT has_function_privilege('pg_control_system()', 'EXECUTE')
       AND has_function_privilege('pg_walfile_name(pg_lsn)', 'EXECUTE')
       AND has_function_privilege('pg_current_wal_lsn()', 'EXECUTE') AS may`,
  );
  return found?.may === true;
}
