import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';

export interface Role {
  /** Such as 180004 for PostgreSQL 18.4. */
  readonly version: number;
  readonly isSuperuser: boolean;
  /** Null if the role has no schema. */
  readonly mayCreate: boolean | null;
  readonly isStandby: boolean;
}

const ROLE = `
  SELECT current_setting('server_version_num')::int AS version, rolsuper AS "isSuperuser",
    has_schema_privilege(current_user, current_schema(), 'CREATE') AS "mayCreate",
    pg_is_in_recovery() AS "isStandby"
  FROM pg_roles WHERE rolname = current_user`;

export async function findRole(manager: EntityManager): Promise<Role> {
  const role = await firstRow<Role>(manager, ROLE);
  if (!role) throw new Error('the role has no row');
  return role;
}
