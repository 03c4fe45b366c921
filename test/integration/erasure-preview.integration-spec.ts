import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiscoveryService } from '@nestjs/core';
import { ProofUpkeep } from '@countersign/auth';
import { EventsUpkeep } from '@countersign/audit';
import { ExpiryUpkeep } from '@countersign/database';
import { HasAccountData, type AccountData } from '@countersign/users';
import { aPerson } from '../factories';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { addMember, aTeam } from '../support/teams';
import { subscribe, unsubscribe } from '../support/told-events';
import { useApplication, useTestApp } from '../support/use-test-app';

/** What the rows are copies or parts of, or why a person does not miss them. */
const UNNAMED: Readonly<Record<string, string>> = {
  users: 'the account',
  user_erasures: 'the erasure itself',
  account_joins: 'an erasure waits until none is left',
  public_profiles: 'profileFields',
  username_digests: 'profileFields',
  lookup_digests: 'identities',
  wallet_address_digests: 'wallets',
  wallet_nonces: 'sends',
  send_versions: 'sends',
  send_signings: 'sends',
  team_invitations: 'invitations, and those of others with a deleted team',
  joins: 'codes of some minutes',
  step_ups: 'codes of some minutes',
  openid_records: 'sessions of OpenID clients, which end with the sessions',
  openid_seen_clients: 'each client is shown once more to a new account',
  rapidpace_registrations: 'identities',
};
/** Counted by a method: of each table that it reads, the name. */
const COUNTED: Readonly<Record<string, string>> = {
  identities: 'identities',
  identity_digests: 'identityDigests',
  wallets: 'wallets',
  board_scores: 'boardScores',
  referral_codes: 'referralCodes',
};

interface ForeignKey {
  readonly child: string;
  readonly parent: string;
  /** `c` for CASCADE, `n` for SET NULL. */
  readonly onDelete: string;
}

describe('GET /v1/me/erasure', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const previewOf = async (session: Awaited<ReturnType<typeof signInPerson>>) =>
    (await session.get('/v1/me/erasure')).body as { readonly lost: Readonly<Record<string, number>> };

  it('names every table that an erasure deletes rows from', async () => {
    const keys = await app.database.query<ForeignKey>(
      `SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent, confdeltype AS "onDelete"
       FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'public'::regnamespace`,
    );
    const { declared } = HasAccountData.in(app.nest.get(DiscoveryService));
    const all: readonly AccountData[] = declared.map(({ provider }) => provider);
    const owned = all.flatMap((data) => data.owned ?? []);
    // A foreign key that only refuses makes a module delete the rows, or take the name out of them.
    const unnamed = new Set(owned.filter(({ erase }) => erase === 'unname').map(({ table }) => table));
    const ofPerson = keys.filter(({ parent, onDelete }) => parent === 'users' && onDelete !== 'n');
    const deleted = new Set(
      [
        'users',
        ...ofPerson.map(({ child }) => child),
        ...owned.flatMap((each) => (each.erase === 'delete' ? [each.table] : [])),
      ].filter((table) => !unnamed.has(table)),
    );
    for (let size = 0; size < deleted.size;) {
      size = deleted.size;
      for (const { child, parent, onDelete } of keys)
        if (onDelete === 'c' && deleted.has(parent)) deleted.add(child);
    }
    const { lost } = await previewOf(await signInPerson(app, demo));
    const statements = all.flatMap((data) => Object.values(data.lost ?? {})).join(' ');
    const isNamed = (table: string): boolean =>
      new RegExp(`\\b(?:FROM|JOIN) ${table}\\b`).test(statements) ||
      owned.some((each) => each.table === table && each.counted !== undefined && each.counted in lost) ||
      (COUNTED[table] ?? '-') in lost;

    expect([...deleted].filter((table) => !isNamed(table) && !(table in UNNAMED))).toEqual([]);
    expect([...deleted]).toEqual(expect.arrayContaining(['favourites', 'team_members', 'send_versions']));
    for (const data of all)
      for (const name of Object.keys(data.lost ?? {})) expect(lost).toHaveProperty(name);
  });

  it('counts the teams that are deleted apart from those that go on', async () => {
    const [owner, other] = [await signInPerson(app, demo), await signInPerson(app, demo, aPerson())];
    const [alone, withViewer, withAdmin] = [await aTeam(owner), await aTeam(owner), await aTeam(owner)];
    const joined = await aTeam(other);
    await addMember(app, withViewer.teamId, other, 'viewer');
    await addMember(app, withAdmin.teamId, other, 'admin');
    await addMember(app, joined.teamId, owner, 'editor');
    await owner.patch('/v1/me/profile', { displayName: 'Vera' });

    expect((await previewOf(owner)).lost).toMatchObject({
      teams: 2,
      teamMemberships: 2,
      profileFields: 1,
      applications: 1,
    });

    const operator = await anOperator(app);
    await operator.post(`/v1/admin/users/${owner.userId}/erase`, { reason: 'x', now: true }).expect(200);
    const found = await Promise.all(
      [alone, withViewer, withAdmin, joined].map(
        async ({ teamId }) => (await other.get(`/v1/teams/${teamId}`)).status,
      ),
    );
    expect(found).toEqual([404, 404, 200, 200]);
  });
});

describe('after an erasure', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('the tables of docs/privacy.md have ids of the person: events and deliveries for 30 days, then the audit trail alone', async () => {
    await subscribe(app.database);
    const session = await signInPerson(app, demo);
    const team = await aTeam(session);
    const operator = await anOperator(app);
    await operator.post(`/v1/admin/users/${session.userId}/erase`, { reason: 'x', now: true }).expect(200);
    await unsubscribe(app.database);
    const remaining = async (): Promise<readonly string[]> => {
      const found = await rowsThatHold(app.database, [session.userId, session.sessionId, team.teamId]);
      return [...new Set(found.map((name) => name.replace(/^public\.|_\d{8}$/g, '')))].toSorted();
    };
    const named = ['audit_records', 'events', 'proofs', 'webhook_deliveries'];
    const page = readFileSync(join(__dirname, '../../docs/privacy.md'), 'utf8');

    expect(await remaining()).toEqual(named);
    for (const table of named) expect(page).toContain(`\`${table}\``);

    app.clock.advance(32 * 86_400);
    for (const job of [EventsUpkeep, ProofUpkeep, ExpiryUpkeep]) await app.nest.get(job).run();
    expect(await remaining()).toEqual(['audit_records']);
    expect(
      await app.database.query('SELECT FROM audit_records r WHERE strpos(r::text, $1) > 0', [session.userId]),
    ).toEqual([]);
  });
});
