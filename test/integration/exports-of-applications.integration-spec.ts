import { ScoresService } from '@countersign/leaderboards';
import { aPerson, type Person } from '../factories';
import { aBoard, aScore } from '../support/boards';
import { linkIdentity } from '../support/accounts';
import { readExport, type ExportBody } from '../support/export-schema';
import { invite } from '../support/invitations';
import { aListing } from '../support/listings';
import { aLoginCode } from '../support/login-code';
import { signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { codeOf, withReferrals } from '../support/referrals';
import { aTeam } from '../support/teams';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

const OWN_INVITATIONS = '/v1/me/invitations';

/** Those with rows of single applications. */
const SECTIONS = [
  'applications',
  'auditRecords',
  'boardAnomalies',
  'boardScores',
  'boardStandings',
  'declinedInvitations',
  'favourites',
  'invitationBlocks',
  'preferences',
  'profile',
  'receivedInvitations',
  'referrals',
  'sentInvitations',
  'sessions',
  'teamHistory',
  'teams',
  'usedInvitations',
];

describe('an export below the account’s level', () => {
  const app = useTestApp();
  const game = useApplication(app, withReferrals());
  const bank = useApplication(app, withReferrals());

  const toId = ({ id }: Person) => ({ recipient: { telegramUserId: String(id) } });

  /** Leaves rows in each section. */
  async function live(session: PersonSession, place: Demo, field: string): Promise<void> {
    const owner = await signInPerson(app, place, session.person);
    const own = await aTeam(owner);
    await invite(owner, { teamId: own.teamId, owner }, toId(aPerson()));
    await codeOf(session);
    const { listingId } = await aListing(app, {});
    expect((await session.put(`/v1/me/favourites/${listingId}`, {})).status).toBe(204);
    const boardId = await aBoard(app, place, { maxJump: 1 });
    const scores = [aScore(session, 1), aScore(session, 9)];
    await app.nest.get(ScoresService).send(place.applicationId, boardId, scores);
    const patch = { [field]: 'Plays at night.', preferences: { theme: 'dark' } };
    expect((await session.patch('/v1/me/profile', patch)).status).toBe(200);

    const host = await signInPerson(app, place);
    const [joined, refused] = [await aTeam(host), await aTeam(host)];
    const { token } = await invite(host, { teamId: joined.teamId, owner: host });
    expect((await session.post('/v1/invitations/accept', { token })).status).toBe(200);
    const team = { teamId: refused.teamId, owner: host };
    const { invitationId } = await invite(host, team, toId(session.person));
    const declined = await session.post(`${OWN_INVITATIONS}/${invitationId}/decline`, { block: true });
    expect(declined.status).toBe(204);
  }

  async function exported(session: PersonSession): Promise<ExportBody['sections']> {
    const answer = await session.get('/v1/me/export');
    expect(answer.status).toBe(200);
    return readExport(answer.text).sections;
  }

  function placesIn(sections: ExportBody['sections']): Record<string, unknown[]> {
    const framesOf = (name: string) =>
      new Set((sections[name]?.items ?? []).map(({ applicationId }) => applicationId));
    return Object.fromEntries(SECTIONS.map((name) => [name, [...framesOf(name)].toSorted()]));
  }

  it('has nothing of other applications in any section', async () => {
    const person = aPerson();
    const strong = await signInPerson(app, bank, person);
    const weak = await signInByWidget(app, game, person);
    await live(strong, bank, 'biography');
    await live(weak, game, 'displayName');
    expect((await strong.stepUp()).status).toBe(200);
    const stepUp = await aLoginCode(app, game, person);
    expect((await weak.post('/v1/me/application-step-up', stepUp)).status).toBe(200);

    const part = await exported(weak);

    expect(placesIn(part)).toEqual(Object.fromEntries(SECTIONS.map((name) => [name, [game.applicationId]])));
    expect(part['profile']?.items).toEqual([expect.objectContaining({ field: 'displayName' })]);
    expect(part['usernames']?.items).toEqual([]);
    const both = [game.applicationId, bank.applicationId].toSorted();
    const places = placesIn(await exported(strong));
    for (const name of SECTIONS) expect({ name, both: places[name] }).toEqual({ name, both });
  });

  it('has nothing that a stronger session set, and nothing of other identities', async () => {
    const [person, other] = [aPerson(), aPerson()];
    const strong = await signInPerson(app, game, person);
    expect((await strong.stepUp()).status).toBe(200);
    await linkIdentity(app, game, strong, { person: other });
    const patch = { displayName: 'Owl', username: `owl_${person.id}`, preferences: { theme: 'dark' } };
    expect((await strong.patch('/v1/me/profile', patch)).status).toBe(200);
    const host = await signInPerson(app, game);
    const team = { teamId: (await aTeam(host)).teamId, owner: host };
    const toPerson = await invite(host, team, toId(person));
    const toOther = await invite(host, team, toId(other));
    const weak = await signInByWidget(app, game, person);
    const stepUp = await aLoginCode(app, game, person);
    expect((await weak.post('/v1/me/application-step-up', stepUp)).status).toBe(200);

    const part = await exported(weak);

    const idsIn = ({ receivedInvitations }: ExportBody['sections']) =>
      receivedInvitations?.items.map(({ invitationId }) => invitationId);
    for (const name of ['profile', 'preferences', 'usernames'])
      expect({ name, items: part[name]?.items }).toEqual({ name, items: [] });
    expect(idsIn(part)).toEqual([toPerson.invitationId]);
    const whole = await exported(strong);
    expect(idsIn(whole)?.toSorted()).toEqual([toPerson.invitationId, toOther.invitationId].toSorted());
    for (const name of ['profile', 'preferences', 'usernames'])
      expect({ name, isThere: (whole[name]?.items.length ?? 0) > 0 }).toEqual({ name, isThere: true });
  });
});
