import { randomUUID } from 'node:crypto';
import { createDataKey, seal, type DataKey } from '@countersign/crypto';
import type { TestDatabase } from './test-database';

/** Whose data a canary is put among. */
export interface CanaryOwner {
  readonly userId: string;
  readonly applicationId: string;
  readonly dataKey: DataKey;
}

/** A row of the person in a table: how it is found, and its name in what is sealed there. */
interface Perch {
  readonly where: string;
  readonly parameters: readonly string[];
  readonly row: string;
}

/** Makes a row where a person has none, for a table or for one of its columns. */
const perches: Readonly<Record<string, (database: TestDatabase, owner: CanaryOwner) => Promise<Perch>>> = {
  identities: async (database, owner) => ofId(await firstId(database, 'identities', owner)),
  sessions: async (database, owner) => ofId(await firstId(database, 'sessions', owner)),
  wallets: async (database, owner) => {
    const [id, identityId] = [randomUUID(), await firstId(database, 'identities', owner)];
    const { wrapped } = createDataKey(owner.dataKey, {
      table: 'wallets',
      column: 'wallet_key',
      row: id,
    });
    await database.query(
      `INSERT INTO wallets (id, user_id, identity_id, kind, provider, environment, is_primary, wallet_key, linked_at, checked_at)
       VALUES ($1, $2, $3, 'linked', 'ethereum', 'production', true, $4, now(), now())
       ON CONFLICT (identity_id) DO NOTHING`,
      [id, owner.userId, identityId, wrapped],
    );
    return ofId(await firstId(database, 'wallets', owner));
  },
  'wallets.address': async (database, owner) => {
    const id = randomUUID();
    const { wrapped } = createDataKey(owner.dataKey, {
      table: 'wallets',
      column: 'wallet_key',
      row: id,
    });
    await database.query(
      `INSERT INTO wallets (id, user_id, kind, address, provider, environment, is_primary, wallet_key, linked_at, checked_at)
       VALUES ($1, $2, 'embedded', '', 'ethereum', 'production', false, $3, now(), now())`,
      [id, owner.userId, wrapped],
    );
    return ofId(id);
  },
  profiles: async (database, { userId, applicationId }) => {
    await database.query(
      `INSERT INTO profiles (user_id, content, field_settings, created_at, updated_at)
       VALUES ($1, '', $2, now(), now()) ON CONFLICT DO NOTHING`,
      [userId, { biography: { visibility: 'private', assurance: 'platform', applicationId } }],
    );
    return { where: 'user_id = $2', parameters: [userId], row: userId };
  },
  profile_preferences: async (database, { userId, applicationId }) => {
    await database.query(
      `INSERT INTO profile_preferences (user_id, application_id, preferences, assurance, updated_at)
       VALUES ($1, $2, '', 'platform', now()) ON CONFLICT DO NOTHING`,
      [userId, applicationId],
    );
    const where = 'user_id = $2 AND application_id = $3';
    return { where, parameters: [userId, applicationId], row: `${userId}/${applicationId}` };
  },
};

/** Columns whose text is no plain one. */
const texts: Readonly<Record<string, (canary: string) => string>> = {
  'identities.content': (canary) => JSON.stringify({ subject: '1', profile: { firstName: canary } }),
  'profiles.content': (canary) => JSON.stringify({ biography: canary }),
  'profile_preferences.preferences': (canary) => JSON.stringify({ theme: canary }),
  'wallets.evidence': (canary) => JSON.stringify({ kind: canary, provenOn: 'eip155:1', check: null }),
};

/** @param name `table.column`; a table without a perch here fails: a new module says where its data stands. */
export async function plantCanary(database: TestDatabase, name: string, owner: CanaryOwner): Promise<string> {
  const [table = '', column = ''] = name.split('.');
  const perch = await (perches[name] ?? perches[table])?.(database, owner);
  if (!perch) throw new Error(`nothing here puts a canary into ${name}`);
  const canary = `canary-${randomUUID()}`;
  const text = texts[name]?.(canary) ?? canary;
  const sealed = seal(owner.dataKey, { table, column, row: perch.row }, text);
  const changed = await database.query(
    `UPDATE ${table} SET ${column} = $1 WHERE ${perch.where} RETURNING true`,
    [sealed, ...perch.parameters],
  );
  if (changed.length !== 1) throw new Error(`no row of ${table} took a canary`);
  return canary;
}

function ofId(id: string): Perch {
  return { where: 'id = $2', parameters: [id], row: id };
}

async function firstId(database: TestDatabase, table: string, { userId }: CanaryOwner): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    `SELECT id FROM ${table} WHERE user_id = $1 ORDER BY id LIMIT 1`,
    [userId],
  );
  if (!row) throw new Error(`the person has no row in ${table}`);
  return row.id;
}
