import { readFile } from 'node:fs/promises';
import { importRefusals, type LineResult } from '@countersign/imports';
import { aPerson, times } from '../factories';
import { useCountersign } from '../support/run-countersign';
import { useTestApp } from '../support/use-test-app';

/** As `@better-auth/cli generate` writes them for PostgreSQL, with the fields of better-auth-telegram 1.x. */
const BETTER_AUTH = [
  `CREATE TABLE old_better_auth."user" ("id" text NOT NULL PRIMARY KEY, "name" text NOT NULL, "email" text UNIQUE,
    "emailVerified" boolean NOT NULL, "image" text, "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL, "telegramId" text, "telegramUsername" text, "telegramPhoneNumber" text)`,
  `CREATE TABLE old_better_auth."account" ("id" text NOT NULL PRIMARY KEY, "accountId" text NOT NULL, "providerId" text NOT NULL,
    "userId" text NOT NULL REFERENCES old_better_auth."user" ("id") ON DELETE CASCADE, "accessToken" text, "refreshToken" text,
    "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text,
    "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL, "updatedAt" timestamptz NOT NULL, "telegramId" text, "telegramUsername" text)`,
];

/** Columns of Supabase Auth's migrations that the mapping reads, and some of the others. */
const SUPABASE = [
  `CREATE TABLE auth.users (instance_id uuid, id uuid NOT NULL UNIQUE, aud varchar(255), role varchar(255), email varchar(255),
    encrypted_password varchar(255), last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb,
    is_super_admin bool, created_at timestamptz, updated_at timestamptz, phone text UNIQUE DEFAULT NULL,
    phone_confirmed_at timestamptz, banned_until timestamptz, is_sso_user boolean NOT NULL DEFAULT false,
    deleted_at timestamptz, is_anonymous boolean NOT NULL DEFAULT false, CONSTRAINT users_pkey PRIMARY KEY (id))`,
];

describe('docs/import.md', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);

  const sqlOf = async (name: string): Promise<string> => {
    const text = await readFile('docs/import.md', 'utf8');
    const [, sql] = new RegExp(`^\`\`\`sql ${name}\n([^\`]+)\`\`\`$`, 'm').exec(text) ?? [];
    if (sql === undefined) throw new Error(`docs/import.md has no mapping ${name}`);
    return sql;
  };
  const importRows = async (rows: readonly object[], name: string): Promise<readonly LineResult[]> => {
    const lines = rows.map((row) => JSON.stringify(Object.values(row)[0]));
    const { output } = await countersign.run(`import - --name ${name}`, lines.join('\n'));
    return output
      .trim()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LineResult);
  };

  it('lists each code of a line', async () => {
    const text = await readFile('docs/import.md', 'utf8');
    const listed = [...text.matchAll(/^\| `(import\.\w+)` +\| (.+?) +\|$/gm)].map(([, code, meaning]) => [
      code,
      meaning,
    ]);

    expect(Object.fromEntries(listed)).toEqual(importRefusals);
  });

  it('takes people from tables of better-auth', async () => {
    const [one, two, byOidc] = times(3, () => aPerson());
    await app.database.query('CREATE SCHEMA old_better_auth');
    for (const statement of BETTER_AUTH) await app.database.query(statement);
    const add = async (
      id: string,
      person: typeof one,
      providerId: string,
      phone: string | null,
      name = 'Ada \\ "L"',
    ) => {
      await app.database.query(
        `INSERT INTO old_better_auth."user" ("id", "name", "emailVerified", "telegramId", "telegramUsername", "telegramPhoneNumber")
         VALUES ($1, $2, false, $3, $4, $5)`,
        [id, name, String(person?.id), person?.username ?? null, phone],
      );
      await app.database.query(
        `INSERT INTO old_better_auth."account" ("id", "accountId", "providerId", "userId", "updatedAt", "createdAt") VALUES ($1, $2, $3, $4, now(), now())`,
        [`a-${id}`, String(person?.id), providerId, id],
      );
    };
    await add('u1', one, 'telegram', '+15550100');
    // Its names are NOT NULL, so an absent one is empty.
    await add('u2', two, 'telegram', 'unknown', '');
    await add('u3', byOidc, 'telegram-oidc', null);

    const sql = (await sqlOf('from-better-auth'))
      .replace('FROM account', 'FROM old_better_auth.account')
      .replace('"user" u', 'old_better_auth."user" u');
    const results = await importRows(await app.database.query<object>(sql), 'better-auth');

    expect(results).toEqual([
      { line: 1, outcome: 'created', userId: expect.any(String) as string, externalId: 'u1' },
      { line: 2, outcome: 'created', userId: expect.any(String) as string, externalId: 'u2' },
    ]);
  });

  it('takes people from tables of Supabase, and no id that people wrote themselves', async () => {
    const [one, victim] = times(2, () => aPerson());
    await app.database.query('CREATE SCHEMA auth');
    for (const statement of SUPABASE) await app.database.query(statement);
    const insert = `INSERT INTO auth.users (id, raw_app_meta_data, raw_user_meta_data, phone, phone_confirmed_at, created_at)
      VALUES (gen_random_uuid(), $1, $2, $3, now(), now())`;
    const names = JSON.stringify({ first_name: 'Ada', last_name: '', username: '', telegram_id: victim?.id });
    await app.database.query(insert, [JSON.stringify({ telegram_id: one?.id }), names, '15550100']);
    // The attacker wrote the Telegram id of another into the own metadata.
    await app.database.query(insert, [JSON.stringify({ provider: 'email' }), names, '15550101']);

    const results = await importRows(
      await app.database.query<object>(await sqlOf('from-supabase')),
      'supabase',
    );

    expect(results).toMatchObject([{ line: 1, outcome: 'created' }]);
    const found = await countersign.json<{ userIds: string[] }>(`user find --telegram-id ${one?.id}`);
    expect(found.userIds).toEqual([results[0]?.userId]);
    expect(await countersign.run(`user find --telegram-id ${victim?.id}`)).toMatchObject({ exitCode: 4 });
  });
});
