import type { Page } from '@countersign/http';
import { expectProblem } from '../support/expect-problem';
import { aLoginCode } from '../support/login-code';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { addMember, aTeam, aTeamName, type TeamBody } from '../support/teams';
import { useFixture } from '../support/use-fixture';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

const app = useTestApp();

describe('lists of teams', () => {
  const demo = useFixture(() => aConfidentialApplication(app));
  const other = useFixture(() => aConfidentialApplication(app));
  const elsewhere = useApplication(app);

  const asClient = (path: string) => app.http.get(path).set('authorization', basicOf(demo));

  async function walk(session: PersonSession, path: string): Promise<readonly string[]> {
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await session.get(`${path}${query}`)).body as Page<TeamBody>;
      expect(page.items.length).toBeLessThanOrEqual(2);
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    return names;
  }

  it('are walked page by page, by prefix in the order of the names', async () => {
    const owner = await signInPerson(app, demo);
    const mark = owner.userId.slice(-8);
    const names = ['Born', 'Bora', 'Boa', 'Box', 'Ba'].map((name) => `${mark} ${name}`);
    for (const name of names) await aTeam(owner, { name });

    expect(await walk(owner, `/v1/teams?createdBy=${owner.userId}&limit=2`)).toEqual(names.toReversed());
    const found = await walk(owner, `/v1/teams?name=${encodeURIComponent(`${mark} BOR`)}&limit=2`);
    expect(found.toSorted()).toEqual([`${mark} Bora`, `${mark} Born`]);
    expect(await walk(owner, `/v1/teams?name=${mark}&limit=2`)).toHaveLength(5);
    expect(await walk(owner, `/v1/teams?member=${owner.userId}&limit=2`)).toEqual(names.toReversed());
  });

  it('have no teams of other applications, not for a member there either', async () => {
    const owner = await signInPerson(app, demo);
    const there = await signInPerson(app, elsewhere, owner.person);
    const { teamId, name } = await aTeam(owner);

    for (const path of ['/v1/teams', `/v1/teams?member=${owner.userId}`])
      expect(((await there.get(path)).body as Page<TeamBody>).items).toEqual([]);
    expectProblem(await there.get(`/v1/teams/${teamId}`), 404, 'team.not_found');
    expect((await there.post('/v1/teams', { name })).status).toBe(201);
  });

  it('tell nothing by a cursor that names a team of another application', async () => {
    const owner = await signInPerson(app, demo);
    const spy = await signInPerson(app, elsewhere);
    const mark = owner.userId.slice(-8);
    const { teamId } = await aTeam(owner, { name: `${mark} Middle` });
    for (const name of ['Alpha', 'Zulu']) await aTeam(spy, { name: `${mark} ${name}` });

    const cursor = Buffer.from(teamId).toString('base64url');
    expectProblem(await spy.get(`/v1/teams?name=${mark}&cursor=${cursor}`), 400, 'request.invalid');
  });

  it('find teams of another person only where the caller is a member; the application finds all', async () => {
    const [owner, friend, stranger] = [
      await signInPerson(app, demo),
      await signInPerson(app, demo),
      await signInPerson(app, demo),
    ];
    const [shared, own] = [await aTeam(owner), await aTeam(owner)];
    await addMember(app, shared.teamId, friend, 'viewer');
    const path = `/v1/teams?member=${owner.userId}`;
    const idsFor = (body: unknown) =>
      (body as Page<TeamBody>).items.map(({ teamId, role }) => [teamId, role]);

    expect(idsFor((await friend.get(path)).body)).toEqual([[shared.teamId, 'viewer']]);
    expect(idsFor((await stranger.get(path)).body)).toEqual([]);
    expect(idsFor((await asClient(path)).body)).toEqual([
      [own.teamId, 'owner'],
      [shared.teamId, 'owner'],
    ]);
  });

  it('have no deleted teams for the application, which finds none of another application either', async () => {
    const owner = await signInPerson(app, demo);
    const { teamId } = await aTeam(owner);
    const paths = ['', '/members'].map((part) => `/v1/teams/${teamId}${part}`);
    for (const path of paths) {
      expect((await asClient(path)).status).toBe(200);
      const asOther = app.http.get(path).set('authorization', basicOf(other));
      expectProblem(await asOther, 404, 'team.not_found');
    }
    await owner.stepUp();
    expect((await owner.delete(`/v1/teams/${teamId}`)).status).toBe(204);

    for (const path of paths) expectProblem(await asClient(path), 404, 'team.not_found');
    for (const path of [`/v1/teams?createdBy=${owner.userId}`, `/v1/teams?member=${owner.userId}`])
      expect((await asClient(path)).body).toEqual({ items: [], nextCursor: null });
  });

  it.each([
    ['/v1/teams?createdBy=1', 'createdBy'],
    ['/v1/teams?name=%e2%80%ae', 'name'],
    ['/v1/teams/availability?name=x', 'name'],
  ])('refuse %s', async (path, field) => {
    const session = await signInPerson(app, demo);
    const answer = await session.get(path);
    expectProblem(answer, 400, 'request.invalid', [{ path: field, code: expect.any(String) as string }]);
  });
});

describe('names of teams', () => {
  const demo = useApplication(app);

  it.each([
    [{ name: 'Night\u202eOwls' }, 'name'],
    [{ name: 'N'.repeat(65) }, 'name'],
    [{ websiteUrl: 'http://example.com' }, 'websiteUrl'],
    [{ socialLinks: ['https://example.com', 'https://example.com/'] }, 'socialLinks.1'],
    [{ description: 'x'.repeat(1_001) }, 'description'],
  ])('and other fields are refused: %j', async (fields, path) => {
    const session = await signInPerson(app, demo);
    const answer = await session.post('/v1/teams', { name: aTeamName(), ...fields });
    expectProblem(answer, 400, 'request.invalid', [{ path, code: expect.any(String) as string }]);
  });

  it('are unique among those that look alike', async () => {
    const session = await signInPerson(app, await app.createApplication());
    await aTeam(session, { name: 'КОТ' });
    const available = await session.get('/v1/teams/availability?name=KOT');

    expectProblem(await session.post('/v1/teams', { name: 'KOT' }), 409, 'team.name_taken');
    expect(available.body).toMatchObject({ isAvailable: false });
  });

  it('are reserved where people would take them for the operator', async () => {
    const session = await signInPerson(app, demo);
    expectProblem(await session.post('/v1/teams', { name: 'Te1egram' }), 409, 'team.name_reserved');
  });
});

describe('teams of an application with settings', () => {
  const demo = useApplication(app, { settings: { accountAssurance: 'platform' } });
  const im = useOpenWeb3Bot(app, demo);
  const third = useApplication(app, { trust: 'third-party' });

  it('are owned and administered by sessions of the assurance alone', async () => {
    const [owner, weak] = [await signInPerson(app, demo), await signInOpenWeb3(app, im)];
    expectProblem(await weak.post('/v1/teams', { name: aTeamName() }), 403, 'auth.assurance_too_low');
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, weak, 'editor');
    const member = `/v1/teams/${teamId}/members/${weak.userId}`;

    expect((await weak.patch(`/v1/teams/${teamId}`, { description: 'Changed.' })).status).toBe(200);
    await owner.stepUp();
    expect((await owner.patch(member, { role: 'admin' })).status).toBe(204);
    expectProblem(await weak.get(`/v1/teams/${teamId}/invitations`), 403, 'auth.assurance_too_low');
    expect((await weak.patch(member, { role: 'editor' })).status).toBe(204);
  });

  it('are left by an admin whose session reaches the assurance no more', async () => {
    const [owner, weak] = [await signInPerson(app, demo), await signInOpenWeb3(app, im)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, weak, 'admin');

    expect((await weak.delete(`/v1/teams/${teamId}/members/${weak.userId}`)).status).toBe(204);
  });

  it('are deleted and handed over in third-party applications by a step-up there', async () => {
    const [owner, member] = [await signInPerson(app, third), await signInPerson(app, third)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, member, 'editor');
    const transfer = () => owner.post(`/v1/teams/${teamId}/transfer`, { userId: member.userId });

    expectProblem(await transfer(), 403, 'account.step_up_required');
    const proof = await aLoginCode(app, third, owner.person);
    expect((await owner.post('/v1/me/step-up', proof)).status).toBe(200);
    expect((await transfer()).status).toBe(200);
    expectProblem(await owner.delete(`/v1/teams/${teamId}`), 403, 'team.role_too_low');
  });

  it.each([
    ['deactivated', `status = 'deactivated'`],
    ['to be erased', 'is_closed = true'],
  ])('are not handed over to an account that is %s', async (_, change) => {
    const [owner, member] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, member, 'editor');
    await app.database.query(`UPDATE users SET ${change} WHERE id = $1`, [member.userId]);
    await owner.stepUp();

    const answer = await owner.post(`/v1/teams/${teamId}/transfer`, { userId: member.userId });
    expectProblem(answer, 409, 'team.target_unavailable');
  });
});
