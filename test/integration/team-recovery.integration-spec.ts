import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aBotToken } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import {
  isLive,
  sessionOf,
  signInOpenWeb3,
  signInPerson,
  type PersonSession,
} from '../support/person-session';
import { aCasinoWithBot, aRecord, enter, queryOf, register } from '../support/rapidpace';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { useCountersign } from '../support/run-countersign';
import { addMember, aTeam, aTeamName, type TeamBody } from '../support/teams';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

interface Reverted {
  readonly ownerId: string;
  readonly returned: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  readonly reopenedInvitations: readonly string[];
  readonly revokedInvitations: readonly string[];
}

describe('a team whose owner was impersonated', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const place = useFixture(async () => {
    const { casino, demo } = await aCasinoWithBot(app);
    return { casino, game: demo };
  });

  const documented = (): string => {
    const text = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
    return /```sh\n([^]*?)```/.exec(text.slice(text.indexOf('**A token leaked.**')))?.[1] ?? '';
  };

  async function run<T>(words: string, input?: string): Promise<T> {
    const [resource = '', verb = ''] = words.split(' ');
    expect(documented()).toContain(`countersign ${resource} ${verb}`);
    return countersign.json<T>(words, input);
  }

  /** As an invitation gives it, with its token. */
  async function inviteTo(
    { teamId }: TeamBody,
    by: PersonSession & { readonly grant?: string },
    role: string,
  ): Promise<{ readonly invitationId: string; readonly token: string }> {
    const call = by.post(`/v1/teams/${teamId}/invitations`, { role, maxUses: 5 });
    const made = await (by.grant === undefined ? call : withGrant(call, by.grant));
    expect(made.status).toBe(201);
    return made.body as { invitationId: string; token: string };
  }

  async function rolesIn({ teamId }: TeamBody): Promise<Readonly<Record<string, string>>> {
    const rows = await app.database.query<{ userId: string; role: string }>(
      'SELECT user_id AS "userId", role FROM team_members WHERE team_id = $1',
      [teamId],
    );
    const [count] = await app.database.query<{ count: number }>(
      'SELECT member_count AS count FROM teams WHERE id = $1',
      [teamId],
    );
    expect(count?.count).toBe(rows.length);
    return Object.fromEntries(rows.map(({ userId, role }) => [userId, role]));
  }

  const accept = (by: PersonSession, token: string) => by.post('/v1/invitations/accept', { token });

  it('is given back with its roles and invitations by the commands of docs/operations.md', async () => {
    const { game } = place;
    const im = await app.addOpenWeb3Bot(game);
    const owner = await signInOpenWeb3(app, im);
    const [admin, editor] = [await signInOpenWeb3(app, im), await signInPerson(app, game)];
    const [thief, stranger] = [await signInPerson(app, game), await signInPerson(app, game)];
    const team = await aTeam(owner);
    const path = `/v1/teams/${team.teamId}`;
    await addMember(app, team.teamId, admin, 'admin');
    await addMember(app, team.teamId, editor, 'editor');
    const [open, closed] = [await inviteTo(team, owner, 'viewer'), await inviteTo(team, owner, 'viewer')];
    expect((await owner.delete(`${path}/invitations/${closed.invitationId}`)).status).toBe(204);
    const roles = { [owner.userId]: 'owner', [admin.userId]: 'admin', [editor.userId]: 'editor' };
    app.clock.advance(60);
    const leak = app.clock.now().toISOString();

    // The holder of the token signs as the owner, and makes an account of their own the owner.
    const forged = await signInOpenWeb3(app, im, owner.person);
    expect(forged.userId).toBe(owner.userId);
    const inviting = await steppedUpFor(app, game, forged, 'invitations.create_for_admin');
    const entry = await inviteTo(team, inviting, 'admin');
    expect((await accept(thief, entry.token)).status).toBe(200);
    const giving = await steppedUpFor(app, game, forged, 'team.transfer');
    const transfer = giving.post(`${path}/transfer`, { userId: thief.userId });
    expect((await withGrant(transfer, giving.grant)).status).toBe(200);
    const demoted = await thief.patch(`${path}/members/${admin.userId}`, { role: 'viewer' });
    expect(demoted.status).toBe(204);
    for (const { userId } of [owner, editor])
      expect((await thief.delete(`${path}/members/${userId}`)).status).toBe(204);
    expect(await rolesIn(team)).toEqual({ [thief.userId]: 'owner', [admin.userId]: 'viewer' });
    expectProblem(await accept(stranger, open.token), 409, 'invitation.revoked');
    const trap = await inviteTo(team, thief, 'viewer');
    app.clock.advance(60);

    const named = `--bot ${im.botId} --provider openweb3`;
    await run(`bot set ${im.botId} --provider openweb3 --status compromised`);
    await run(`session revoke ${named} --since ${leak}`);
    const changed = await run<object>(`team list-changed ${named} --since ${leak}`);
    expect(changed).toMatchObject({
      teamId: team.teamId,
      ownerId: thief.userId,
      acts: 3,
      actions: ['invitation_created', 'ownership_transferred', 'role_changed'],
    });
    const reverted = await run<Reverted>(`team revert ${team.teamId} --to ${leak} --reason ticket-12`);
    await run(`bot rotate ${im.botId} --provider openweb3 --token-stdin`, aBotToken(im.botId));
    await run(`bot set ${im.botId} --provider openweb3 --status active`);

    expect({ ...reverted, returned: reverted.returned.toSorted() }).toMatchObject({
      ownerId: owner.userId,
      returned: [owner.userId, editor.userId].toSorted(),
      removed: [thief.userId],
      changed: [admin.userId],
      reopenedInvitations: [open.invitationId],
    });
    expect(reverted.revokedInvitations).toEqual([entry.invitationId, trap.invitationId]);
    expect(await rolesIn(team)).toEqual(roles);
    expect(await isLive(app, forged)).toBe(false);
    await app.catchUp();
    expect((await owner.get(path)).body).toMatchObject({ role: 'owner' });
    expect((await owner.patch(path, { name: aTeamName() })).status).toBe(200);
    expect((await accept(stranger, open.token)).status).toBe(200);
    expectProblem(await accept(thief, entry.token), 409, 'invitation.already_used');
    for (const { token } of [trap, open])
      expectProblem(await accept(thief, token), 409, 'invitation.revoked');
    expectProblem(await accept(await signInPerson(app, game), closed.token), 409, 'invitation.revoked');
    expectProblem(await thief.get(`${path}/members`), 403, 'team.not_a_member');

    const [record] = (await auditOf(app, { action: 'team.reverted' })).slice(-1);
    expect(record).toMatchObject({
      subject: team.teamId,
      applicationId: game.applicationId,
      details: { to: leak, reason: 'ticket-12', returned: '2', removed: '1', reopenedInvitations: '1' },
    });
    expect(record?.actor).toMatch(/^operator:/);
    const { items } = (await owner.get(`${path}/history`)).body as { items: object[] };
    expect(JSON.stringify(items)).not.toContain('ticket-12');
    expect(items).toContainEqual(
      expect.objectContaining({ action: 'reverted', details: expect.objectContaining({ by: 'operator' }) }),
    );

    // The same again finds nothing to undo but what happened since.
    const again = await run<Reverted>(
      `team revert ${team.teamId} --to ${new Date(Date.now() + 3_600_000).toISOString()} --reason ticket-12`,
    );
    expect(again).toMatchObject({ ownerId: owner.userId, returned: [], removed: [], changed: [] });
  });

  it('is restored where it was deleted, with the invitations that ended then', async () => {
    const { game } = place;
    const im = await app.addOpenWeb3Bot(game);
    const owner = await signInOpenWeb3(app, im);
    const team = await aTeam(owner);
    const { invitationId, token } = await inviteTo(team, owner, 'viewer');
    app.clock.advance(60);
    const leak = app.clock.now().toISOString();
    const forged = await signInOpenWeb3(app, im, owner.person);
    const deleting = await steppedUpFor(app, game, forged, 'team.delete');
    const deletion = deleting.delete(`/v1/teams/${team.teamId}`);
    expect((await withGrant(deletion, deleting.grant)).status).toBe(204);

    const reverted = await run<Reverted>(`team revert ${team.teamId} --to ${leak} --reason ticket-12`);

    expect(reverted).toMatchObject({ ownerId: owner.userId, reopenedInvitations: [invitationId] });
    await app.catchUp();
    expect((await accept(await signInPerson(app, game), token)).status).toBe(200);
  });

  it('is listed by the application whose Rapidpace secret leaked, whose holder makes an editor leave', async () => {
    const { casino, game } = place;
    const { applicationId } = casino;
    const [owner, editor] = [await signInPerson(app, game), await signInPerson(app, game)];
    const team = await aTeam(owner);
    await addMember(app, team.teamId, editor, 'editor');
    app.clock.advance(60);
    const since = app.clock.now().toISOString();
    const record = aRecord(app, { telegram_id: editor.person.id });
    expect((await register(app, casino, record)).status).toBeLessThan(300);
    const body = await enter(app, applicationId, queryOf(record, casino.secret));
    const forged = sessionOf(app, body, editor.person, () => ({}));
    expect(forged.userId).toBe(editor.userId);
    expect((await forged.delete(`/v1/teams/${team.teamId}/members/${editor.userId}`)).status).toBe(204);
    // A session that Telegram signed for is not listed, nor is another application.
    await aTeam(owner);
    const other = await aCasinoWithBot(app);
    const list = `team list-changed --since ${since} --rapidpace-of`;

    expect(await countersign.lines(`${list} ${applicationId}`)).toMatchObject([
      { teamId: team.teamId, ownerId: owner.userId, acts: 1, actions: ['left'] },
    ]);
    expect(await countersign.lines(`${list} ${other.casino.applicationId}`)).toEqual([]);
    const history = await countersign.lines<{ action: string; origin: string | null }>(
      `team history ${team.teamId}`,
    );
    expect(history.map(({ action, origin }) => [action, origin])).toEqual([
      ['left', 'vendor'],
      ['joined', null],
      ['created', null],
    ]);
    await run(`team revert ${team.teamId} --to ${since} --reason ticket-12`);
    expect(await rolesIn(team)).toMatchObject({ [editor.userId]: 'editor' });
  });

  it('is not reverted where its history does not tell the earlier state', async () => {
    const { game } = place;
    const before = app.clock.now().toISOString();
    app.clock.advance(60);
    const [owner, member] = [await signInPerson(app, game), await signInPerson(app, game)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, member, 'editor');
    app.clock.advance(60);
    const to = app.clock.now().toISOString();
    expect(
      (await owner.patch(`/v1/teams/${teamId}/members/${member.userId}`, { role: 'viewer' })).status,
    ).toBe(204);

    const refusal = 'team.state_unknown';
    expect(await countersign.failure(`team revert ${teamId} --to ${before} --reason x`)).toContain(refusal);
    // As a version that did not record the role before.
    await app.database.query(`UPDATE team_history SET details = details - 'before' WHERE team_id = $1`, [
      teamId,
    ]);
    expect(await countersign.failure(`team revert ${teamId} --to ${to} --reason x`)).toContain(refusal);
    expect(await rolesIn({ teamId } as TeamBody)).toMatchObject({ [member.userId]: 'viewer' });
  });

  it.each([
    [`team revert ${randomUUID()} --to 2026-01-01 --reason x`, 'instant'],
    [`team revert ${randomUUID()} --to 2026-01-01T00:00:00Z`, '--reason'],
    [`team revert ${randomUUID()} --to 2026-01-01T00:00:00Z --reason x`, 'team.not_found'],
    ['team list-changed --since 2026-01-01T00:00:00Z', '--bot'],
    ['team list-changed --bot 1', '--since'],
    ['team list-changed --bot 1 --since 2026-01-01T00:00:00Z', 'bot.not_found'],
    [
      `team list-changed --rapidpace-of ${randomUUID()} --since 2026-01-01T00:00:00Z`,
      'application.not_found',
    ],
  ])('is not found by %s', async (words, sentence) => {
    expect(await countersign.failure(words)).toContain(sentence);
  });
});
