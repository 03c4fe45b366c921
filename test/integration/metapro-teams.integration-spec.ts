import { aPerson, type Person } from '../factories';
import { aListing, aKey, patchListing } from '../support/listings';
import { credentialsOf, expectRefused, MetaproClient, type MetaproTeam } from '../support/metapro-client';
import { linkedWallet } from '../support/metapro-people';
import { signInPerson } from '../support/person-session';
import { addMember, aTeam, aTeamName } from '../support/teams';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const app = useTestApp();
const project = useApplication(app, {
  origins: [SITE],
  settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
});
const client = new MetaproClient(app);

const logIn = (person?: Person, at: Demo = project, omitSignature = false) =>
  client.logIn(at, person, { omitSignature });

async function made(who: ReturnType<typeof credentialsOf>, fields: object = {}): Promise<MetaproTeam> {
  const answer = await client.createTeam(who, { name: aTeamName(), ...fields });
  expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
  return answer.body as MetaproTeam;
}

interface Listed {
  readonly count: number;
  readonly results: readonly MetaproTeam[];
}

async function listed(query: string, who?: ReturnType<typeof credentialsOf>): Promise<Listed> {
  const answer = await client.teams(query, who);
  expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
  return answer.body as Listed;
}

const idsOf = ({ results }: Listed): readonly string[] => results.map(({ teamId }) => teamId);

/** Leaves one application with the API, so that calls may name none. */
async function switchOff({ applicationId }: Demo): Promise<void> {
  await app.changeSettings(applicationId, { metapro: { enabled: false } });
  app.clock.advance(31);
}

describe('teams of Metapro’s clients', () => {
  it('are created, and read with and without a token', async () => {
    const login = await logIn();
    const who = credentialsOf(login);
    const name = aTeamName();
    const fields = {
      name,
      logo: 'https://example.com/owl.png',
      banner: 'https://example.com/night.png',
      description: 'We play at night.',
      website: 'https://example.com/',
      socialMedia: 'https://t.me/night_owls https://example.com/blog',
    };
    const team = await made(who, fields);
    const { userId } = login.account;
    expect(team).toEqual({
      ...fields,
      teamId: expect.any(String) as string,
      createdBy: userId,
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
      updatedAt: team.createdAt,
      members: [{ address: '', userId }],
    });

    expect((await client.team(team.teamId, who)).body).toEqual(team);
    expect(await listed(`?teamId=${team.teamId}`, who)).toEqual({ count: 1, results: [team] });
    const nameless = { ...team, createdBy: '', members: [] };
    expect((await client.team(team.teamId)).body).toEqual(nameless);
    expect(await listed(`?name=${encodeURIComponent(name)}`)).toEqual({ count: 1, results: [nameless] });
    expect(JSON.stringify((await client.teams()).body)).not.toContain(userId);
    const free = async (wanted: string) =>
      (await client.get(`/ms/teams/v1/teams/availability/${encodeURIComponent(wanted)}`, who))
        .body as unknown;
    expect(await free(name.toUpperCase())).toEqual({ isAvailable: false });
    expect(await free(aTeamName())).toEqual({ isAvailable: true });
  });

  it('have the rules of the teams of an application', async () => {
    const who = credentialsOf(await logIn());
    const { name } = await made(who);
    expectRefused(await client.createTeam(who, { name }), 409, 'team.name_taken');
    const badLogo = { name: aTeamName(), logo: 'javascript:alert(1)' };
    expectRefused(await client.createTeam(who, badLogo), 400, 'request.invalid');
    expectRefused(await client.createTeam({}, { name: aTeamName() }), 401, 'metapro.token_invalid');
    expectRefused(await client.team('x', who), 404, 'team.not_found');
    expect((await client.team(project.applicationId, who)).body).toMatchObject({
      message: 'Entity not found',
      messages: ['Entity not found', expect.any(String)],
    });

    const lenient = await app.createApplication({
      bot: { signaturePolicy: 'optional' },
      settings: { metapro: { enabled: true } },
    });
    const person = aPerson();
    await logIn(person, lenient);
    const weak = credentialsOf(await logIn(person, lenient, true));
    expectRefused(await client.createTeam(weak, { name: aTeamName() }), 403, 'auth.assurance_too_low');
    await app.changeSettings(lenient.applicationId, { teams: { accept: false } });
    const strong = credentialsOf(await logIn(person, lenient));
    expectRefused(await client.createTeam(strong, { name: aTeamName() }), 403, 'team.not_accepted');
    await switchOff(lenient);
  });

  it('show members to members only', async () => {
    const owner = await logIn();
    const [member, stranger] = [await logIn(), await logIn()];
    const { teamId } = await made(credentialsOf(owner));
    await addMember(app, teamId, member.account, 'viewer');
    const shown = [owner, member].map(({ account: { userId } }) => ({ address: '', userId }));

    const membersFor = async (who?: ReturnType<typeof credentialsOf>) =>
      ((await client.team(teamId, who)).body as MetaproTeam).members;
    expect(await membersFor(credentialsOf(owner))).toEqual(shown);
    expect(await membersFor(credentialsOf(member))).toEqual(shown);
    expect(await membersFor(credentialsOf(stranger))).toEqual([]);
    expect(await membersFor()).toEqual([]);
    const { userId } = member.account;
    expect((await listed(`?userId=${userId}`, credentialsOf(member))).results).toMatchObject([
      { teamId, members: [{ userId }] },
    ]);
  });

  it('are found by persons as natively: only those that one shares, and none without a token', async () => {
    const [person, other] = [aPerson(), aPerson()];
    const [owner, member, stranger] = [await logIn(person), await logIn(other), await logIn()];
    const { teamId } = await made(credentialsOf(owner));
    const alone = await made(credentialsOf(owner));
    await addMember(app, teamId, member.account, 'viewer');
    const { userId } = owner.account;

    expect(idsOf(await listed(`?userId=${userId}`, credentialsOf(owner)))).toEqual([alone.teamId, teamId]);
    expect(idsOf(await listed(`?userId=${userId}`, credentialsOf(member)))).toEqual([teamId]);
    expect(idsOf(await listed(`?userId=${userId}`, credentialsOf(stranger)))).toEqual([]);
    expect(await listed(`?userId=${userId}`)).toEqual({ count: 0, results: [] });
    expect(await listed(`?createdBy=${userId}`)).toEqual({ count: 0, results: [] });
    const created = await listed(`?createdBy=${userId.toUpperCase()}&createdAt=asc`, credentialsOf(stranger));
    expect(idsOf(created)).toEqual([teamId, alone.teamId]);

    // A wallet is tied to a person only where the person shows something.
    const wallet = await linkedWallet(app, project, person);
    const byWallet = async (more = '') =>
      idsOf(await listed(`?address=${wallet}${more}`, credentialsOf(member)));
    expect(await byWallet()).toEqual([]);
    const { accessToken } = await app.signIn(project, person);
    await app.http
      .patch('/v1/me/profile')
      .set('authorization', `Bearer ${accessToken}`)
      .send({ biography: 'Computes.', visibility: { biography: 'public' } })
      .expect(200);
    expect(await byWallet()).toEqual([teamId]);
    expect(await byWallet(`&userId=${userId}`)).toEqual([teamId]);
    expect(await byWallet(`&userId=${member.account.userId}`)).toEqual([]);
    expect(await listed(`?address=${wallet}`)).toEqual({ count: 0, results: [] });
  });

  it('come in pages with the number of all, newest first unless asked', async () => {
    const who = credentialsOf(await logIn());
    const word = aKey().slice(2);
    const teams = [];
    for (const letter of ['b', 'c', 'a']) teams.push(await made(who, { name: `Zoo ${word} ${letter}` }));
    const [b, c, a] = teams.map(({ teamId }) => teamId);
    const own = `?createdBy=${who.userId ?? ''}`;

    expect(await listed(`${own}&limit=2`, who)).toMatchObject({
      count: 3,
      results: [{ teamId: a }, { teamId: c }],
    });
    expect(idsOf(await listed(`${own}&skip=2&limit=99999`, who))).toEqual([b]);
    expect(await listed(`${own}&skip=10000`, who)).toEqual({ count: 3, results: [] });
    expect(idsOf(await listed(`${own}&createdAt=ASC&skip=1`, who))).toEqual([c, a]);
    expect(idsOf(await listed(`?name=zoo%20${word}&skip=1`))).toEqual([b, c]);
    for (const query of ['skip=10001', 'limit=0', 'createdAt=up', 'createdAt=asc&createdAt=desc', 'teamId=x'])
      expectRefused(await client.teams(`?${query}`, who), 400, 'request.invalid');
  });

  it('that are deleted, or of another application, are not there', async () => {
    const person = aPerson();
    const who = credentialsOf(await logIn(person));
    const { teamId } = await made(who);
    const elsewhere = await aTeam(await signInPerson(app, await app.createApplication(), person));
    const native = await signInPerson(app, project, person);
    await native.stepUp();
    expect((await native.delete(`/v1/teams/${teamId}`)).status).toBe(204);

    for (const id of [teamId, elsewhere.teamId])
      for (const caller of [who, {}]) {
        expectRefused(await client.team(id, caller), 404, 'team.not_found');
        expect(await listed(`?teamId=${id}`, caller)).toEqual({ count: 0, results: [] });
      }
    expect(idsOf(await listed(`?userId=${who.userId ?? ''}`, who))).toEqual([]);
  });
});

describe('apps of Metapro’s clients', () => {
  it('are the published listings, by their id and their key', async () => {
    const published = await aListing(app, {
      description: 'Fly at night.',
      category: 'strategy-games',
      logoUrl: 'https://example.com/owl.png',
      socialLinks: ['https://t.me/night_owls'],
      platforms: [{ platform: 'telegram', url: 'https://t.me/owls_bot/play' }, { platform: 'web' }],
    });
    const { listingId: appId, key: appKey, name, teamId } = published;
    const expected = {
      appId,
      appKey,
      name,
      team: expect.any(String) as string,
      teamId,
      categories: ['strategy-games'],
      platform: [
        { platform: 'telegram', storeUrl: 'https://t.me/owls_bot/play' },
        { platform: 'web', storeUrl: '' },
      ],
      status: 'released',
      networks: [],
      gallery: ['https://example.com/owl.png'],
      description: 'Fly at night.',
      website: '',
      socialMedia: [{ name: '', value: 'https://t.me/night_owls' }],
      createdAt: expect.any(String) as string,
      updatedAt: expect.any(String) as string,
    };
    expect((await client.oneApp(appId)).body).toEqual(expected);
    expect((await client.appByKey(appKey)).body).toEqual(expected);
    expect((await client.apps(`?teamIds=${teamId}`)).body).toEqual({ count: 1, results: [expected] });

    await patchListing(published, { state: 'drafted' });
    const drafted = await aListing(app);
    for (const { listingId, key, teamId: of } of [published, drafted]) {
      expectRefused(await client.oneApp(listingId), 404, 'listing.not_found');
      expectRefused(await client.appByKey(key), 404, 'listing.not_found');
      expect((await client.apps(`?teamId=${of}`)).body).toEqual({ count: 0, results: [] });
    }
  });

  it('are found by name, category and platform, in both orders', async () => {
    const [word, category] = [aKey().slice(2), aKey()];
    const keys = [];
    for (const [letter, platform] of [
      ['b', 'ios'],
      ['a', 'web'],
    ] as const)
      keys.push(
        (await aListing(app, { name: `Zoo ${word} ${letter}`, category, platforms: [{ platform }] })).key,
      );
    const found = async (query: string) => {
      const { status, body } = await client.apps(`?${query}`);
      expect({ status, body: body as unknown }).toMatchObject({
        status: 200,
        body: { count: expect.any(Number) as number },
      });
      return (body as { readonly results: readonly { readonly appKey: string }[] }).results.map(
        ({ appKey }) => appKey,
      );
    };
    const [b, a] = keys;
    expect(await found(`name=zoo%20${word}`)).toEqual([a, b]);
    expect(await found(`categories=${category}`)).toEqual([a, b]);
    expect(await found(`categories[]=${category}&sort%5BcreatedAt%5D=asc`)).toEqual([b, a]);
    expect(await found(`categories=${category}&sort[createdAt]=desc&skip=1&limit=1`)).toEqual([b]);
    expect(await found(`categories=${category}&platforms=web`)).toEqual([a]);
    expectRefused(await client.apps('?platforms=web&platforms=ios'), 400, 'request.invalid');
  });
});
