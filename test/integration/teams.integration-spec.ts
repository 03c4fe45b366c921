import { expectProblem } from '../support/expect-problem';
import { signInPerson, type PersonSession } from '../support/person-session';
import { aTeam, addMember, type TeamBody } from '../support/teams';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('teams', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('are created, read, changed and listed', async () => {
    const owner = await signInPerson(app, demo);
    const name = `Night Owls ${owner.userId.slice(-6)}`;
    const created = await owner.post('/v1/teams', {
      name: `  ${name} `,
      description: 'We play at night.',
      socialLinks: ['https://t.me/night_owls'],
    });

    expect({ status: created.status, body: created.body as unknown }).toEqual({
      status: 201,
      body: {
        teamId: expect.any(String) as unknown,
        name,
        description: 'We play at night.',
        logoUrl: null,
        bannerUrl: null,
        websiteUrl: null,
        socialLinks: ['https://t.me/night_owls'],
        memberCount: 1,
        createdBy: owner.userId,
        createdAt: app.clock.now().toISOString(),
        updatedAt: app.clock.now().toISOString(),
        role: 'owner',
      },
    });
    const { teamId } = created.body as TeamBody;
    const patch = { description: null, logoUrl: 'https://example.com/owl.png' };
    const changed = await owner.patch(`/v1/teams/${teamId}`, patch);
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ ...(created.body as object), ...patch });
    expect((await owner.get(`/v1/teams/${teamId}`)).body).toEqual(changed.body);
    expect((await owner.get(`/v1/teams?member=${owner.userId}`)).body).toEqual({
      items: [changed.body],
      nextCursor: null,
    });

    const stranger = await signInPerson(app, demo);
    expect((await stranger.get(`/v1/teams/${teamId}`)).body).toEqual({
      ...(changed.body as object),
      role: null,
    });
  });

  it('are deleted for good after step-up', async () => {
    const owner = await signInPerson(app, demo);
    const admin = await signInPerson(app, demo);
    const { teamId, name } = await aTeam(owner);
    await addMember(app, teamId, admin, 'admin');
    const path = `/v1/teams/${teamId}`;

    expectProblem(await owner.delete(path), 403, 'account.step_up_required');
    expect((await owner.stepUp()).status).toBe(200);
    expect((await owner.delete(path)).status).toBe(204);

    for (const member of [owner, admin]) {
      expectProblem(await member.get(path), 404, 'team.not_found');
      expect((await member.get(`/v1/teams?member=${member.userId}`)).body).toEqual({
        items: [],
        nextCursor: null,
      });
    }
    expect((await owner.post('/v1/teams', { name })).status).toBe(201);
  });

  it('have another owner after a transfer, and the former one is an admin', async () => {
    const owner = await signInPerson(app, demo);
    const member = await signInPerson(app, demo);
    const stranger = await signInPerson(app, demo);
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, member, 'viewer');
    const path = `/v1/teams/${teamId}/transfer`;

    expectProblem(await owner.post(path, { userId: member.userId }), 403, 'account.step_up_required');
    await owner.stepUp();
    expectProblem(await owner.post(path, { userId: stranger.userId }), 404, 'team.member_not_found');
    expect((await owner.post(path, { userId: owner.userId })).body).toMatchObject({ role: 'owner' });
    expect((await owner.post(path, { userId: member.userId })).body).toMatchObject({ role: 'admin' });

    const roles = await rolesIn(member, teamId);
    expect(roles).toEqual({ [owner.userId]: 'admin', [member.userId]: 'owner' });
  });

  it('lose members who leave or are removed', async () => {
    const owner = await signInPerson(app, demo);
    const [one, other] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner);
    for (const member of [one, other]) await addMember(app, teamId, member, 'editor');
    const members = `/v1/teams/${teamId}/members`;

    expectProblem(await owner.delete(`${members}/${owner.userId}`), 409, 'team.owner_cannot_leave');
    expectProblem(await one.delete(`${members}/${other.userId}`), 403, 'team.role_too_low');
    // Ids are the same in capitals.
    expect((await one.delete(`${members}/${one.userId.toUpperCase()}`)).status).toBe(204);
    expect((await owner.delete(`${members}/${other.userId}`)).status).toBe(204);

    expectProblem(await one.get(members), 403, 'team.not_a_member');
    expect(await rolesIn(owner, teamId)).toEqual({ [owner.userId]: 'owner' });
    expect((await owner.get(`/v1/teams/${teamId}`)).body).toMatchObject({ memberCount: 1 });
  });

  it('give roles below the giver’s own, and lower ones to oneself', async () => {
    const owner = await signInPerson(app, demo);
    const [admin, second, editor] = [
      await signInPerson(app, demo),
      await signInPerson(app, demo),
      await signInPerson(app, demo),
    ];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, admin, 'admin');
    await addMember(app, teamId, second, 'admin');
    await addMember(app, teamId, editor, 'editor');
    const setRole = (by: PersonSession, of: PersonSession, role: string) =>
      by.patch(`/v1/teams/${teamId}/members/${of.userId}`, { role });

    expectProblem(await setRole(admin, editor, 'admin'), 403, 'team.role_too_low');
    expectProblem(await setRole(admin, second, 'viewer'), 403, 'team.role_too_low');
    expectProblem(await setRole(admin, owner, 'viewer'), 403, 'team.role_too_low');
    expectProblem(await setRole(editor, editor, 'admin'), 403, 'team.role_too_low');
    expect((await setRole(owner, editor, 'owner')).status).toBe(400);
    expect((await setRole(admin, editor, 'viewer')).status).toBe(204);
    expectProblem(await setRole(owner, editor, 'admin'), 403, 'account.step_up_required');
    await owner.stepUp();
    expect((await setRole(owner, editor, 'admin')).status).toBe(204);
    expect((await setRole(second, second, 'viewer')).status).toBe(204);
    const demoted = await setRole(owner, owner, 'viewer');
    expectProblem(demoted, 409, 'team.owner_cannot_leave');
    expect((demoted.body as { title: string }).title).toMatch(/nor take another role$/);

    expect(await rolesIn(owner, teamId)).toEqual({
      [owner.userId]: 'owner',
      [admin.userId]: 'admin',
      [second.userId]: 'viewer',
      [editor.userId]: 'admin',
    });
  });

  it('list their members page by page, with what each shows', async () => {
    const owner = await signInPerson(app, demo);
    await owner.patch('/v1/me/profile', { displayName: 'Ada', visibility: { displayName: 'public' } });
    const others = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner);
    for (const member of others) await addMember(app, teamId, member, 'viewer');
    const ids = [owner, ...others].map(({ userId }) => userId).toSorted();
    const path = `/v1/teams/${teamId}/members`;

    const { items } = (await owner.get(path)).body as { items: { userId: string }[] };
    expect(items.map(({ userId }) => userId)).toEqual(ids);
    expect(items.find(({ userId }) => userId === owner.userId)).toMatchObject({
      role: 'owner',
      invitedBy: null,
      profile: { displayName: 'Ada', email: null },
    });
    const first = (await owner.get(`${path}?limit=2`)).body as { nextCursor: string };
    expect(first).toMatchObject({ items: items.slice(0, 2) });
    const second = await owner.get(`${path}?limit=2&cursor=${first.nextCursor}`);
    expect(second.body).toEqual({ items: items.slice(2), nextCursor: null });
  });

  async function rolesIn(session: PersonSession, teamId: string): Promise<Record<string, string>> {
    const { body } = await session.get(`/v1/teams/${teamId}/members`);
    const { items } = body as { items: { userId: string; role: string }[] };
    return Object.fromEntries(items.map(({ userId, role }) => [userId, role]));
  }
});
