import { Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/config';
import { Database } from '../database';
import { KEEP_ALIVE, serverLimits } from './server-limits';
import { rows } from '../statements/sql';

interface Setting {
  readonly name: string;
  readonly value: number;
  readonly role: string;
  readonly isLocal: boolean;
}

/** `pg_settings` has each value in the unit in which it is set. */
const SETTINGS = `
  SELECT name, setting::float8 AS value, quote_ident(session_user) AS role, inet_server_addr() IS NULL AS "isLocal"
  FROM pg_settings WHERE name = ANY($1)`;

/** Whether the connections of the pool have the limits that PostgreSQL is to keep by itself. */
@Injectable()
export class ConnectionLimits {
  constructor(
    private readonly database: Database,
    private readonly configuration: Configuration,
  ) {}

  /**
   * SQL for an operator behind a pooler, to limit statements outside of transactions too; null when all
   * limits are set. A lower limit is enough.
   */
  async lacking(): Promise<string | null> {
    const limits = serverLimits(this.configuration.patience);
    const all = { ...limits, ...KEEP_ALIVE };
    const found = await this.database.read((manager) => rows<Setting>(manager, SETTINGS, [Object.keys(all)]));
    const missing = found.filter(({ name, value, isLocal }) => {
      const limit = all[name] ?? 0;
      return (value === 0 || value > limit) && !(isLocal && name in KEEP_ALIVE);
    });
    if (missing.length === 0) return null;
    return missing.map(({ name, role }) => `ALTER ROLE ${role} SET ${name} = ${all[name]};`).join(' ');
  }
}
