import { DAY } from '@countersign/clock';
import type { GivenRole } from '@countersign/teams';
import { mergeAccounts } from '../support/accounts';
import { FakeClock } from '../support/fake-clock';
import { signInOpenWeb3, type PersonSession } from '../support/person-session';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { useCountersign } from '../support/run-countersign';
import { addMember, aTeam } from '../support/teams';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('a team of people who were impersonated and merged', () => {
  // Commands go by the real clock: theirs are the last acts.
  const app = useTestApp({ clock: new FakeClock(new Date(Date.now() - DAY)) });
  const demo = useApplication(app);
  const countersign = useCountersign(app);

  /** The people of an OpenWeb3 bot whose token leaks, with the commands of the recovery. */
  class Stage {
    private constructor(
      private readonly im: Demo,
      readonly teamId: string,
      readonly owner: PersonSession,
      readonly thief: PersonSession,
      private readonly since: string,
    ) {}

    static async open(members: readonly (readonly [PersonSession, GivenRole])[], im: Demo): Promise<Stage> {
      const owner = await signInOpenWeb3(app, im);
      const { teamId } = await aTeam(owner);
      for (const [member, role] of members) await addMember(app, teamId, member, role);
      app.clock.advance(60);
      const thief = await signInOpenWeb3(app, im);
      return new Stage(im, teamId, owner, thief, app.clock.now().toISOString());
    }

    async invite(person: PersonSession, role: GivenRole): Promise<void> {
      const invited = await this.owner.post(`/v1/teams/${this.teamId}/invitations`, { role });
      const { token } = invited.body as { token: string };
      expect((await person.post('/v1/invitations/accept', { token })).status).toBe(200);
    }

    async transfer(from: PersonSession, to: PersonSession): Promise<void> {
      const giving = await steppedUpFor(app, this.im, from, 'team.transfer');
      const transfer = giving.post(`/v1/teams/${this.teamId}/transfer`, { userId: to.userId });
      expect((await withGrant(transfer, giving.grant)).status).toBe(200);
    }

    async remove(by: PersonSession, member: PersonSession): Promise<void> {
      const removed = await by.delete(`/v1/teams/${this.teamId}/members/${member.userId}`);
      expect(removed.status).toBe(204);
    }

    async setRole(by: PersonSession, member: PersonSession, role: GivenRole): Promise<void> {
      const changed = await by.patch(`/v1/teams/${this.teamId}/members/${member.userId}`, { role });
      expect(changed.status).toBe(204);
    }

    async merge(loser: PersonSession): Promise<void> {
      await mergeAccounts(app, this.im, this.thief, loser);
      app.clock.advance(60);
    }

    /** As step 4. */
    async detach(): Promise<void> {
      const attached = await countersign.lines<{ identityId: string }>(
        `identity list --attached-since ${this.since} --bot ${this.im.botId} --provider openweb3`,
      );
      expect(attached).toHaveLength(1);
      for (const { identityId } of attached) await countersign.json(`identity detach ${identityId}`);
    }

    /** As steps 5 and 7: to the first of the acts. */
    async revert(): Promise<void> {
      const [changed] = await countersign.lines<{ teamId: string; firstAt: string }>(
        `team list-changed --bot ${this.im.botId} --provider openweb3 --since ${this.since}`,
      );
      expect(changed?.teamId).toBe(this.teamId);
      await countersign.json(`team revert ${this.teamId} --to ${changed?.firstAt} --reason ticket-12`);
    }

    async roles(): Promise<Readonly<Record<string, string>>> {
      const members = await app.database.query<{
        userId: string;
        role: string;
        count: number;
        ownerId: string;
      }>(
        `SELECT m.user_id AS "userId", m.role, t.member_count AS count, t.owner_id AS "ownerId"
         FROM team_members m JOIN teams t ON t.id = m.team_id WHERE t.id = $1`,
        [this.teamId],
      );
      expect(members[0]?.count).toBe(members.length);
      expect(members.find(({ role }) => role === 'owner')?.userId).toBe(members[0]?.ownerId);
      return Object.fromEntries(members.map(({ userId, role }) => [userId, role]));
    }
  }

  const stageOf = async (...roles: readonly GivenRole[]) => {
    await app.lowerAccountLevel();
    const im = await app.addOpenWeb3Bot(demo);
    const people: PersonSession[] = [];
    while (people.length < roles.length) people.push(await signInOpenWeb3(app, im));
    const stage = await Stage.open(
      roles.flatMap((role, index) => {
        const person = people[index];
        return person ? [[person, role] as const] : [];
      }),
      im,
    );
    const [first = stage.owner, second = stage.owner] = people;
    return { stage, first, second };
  };

  const orders = ['detach revert', 'revert detach', 'detach revert revert', 'revert detach revert'];

  const recover = async (stage: Stage, steps: string): Promise<void> => {
    for (const step of steps.split(' ')) await (step === 'detach' ? stage.detach() : stage.revert());
  };

  it.each(orders)('has its members again where the merged account was made the owner: %s', async (steps) => {
    const { stage, first, second } = await stageOf('editor', 'editor');
    const { owner, thief } = stage;
    await stage.invite(thief, 'viewer');
    app.clock.advance(1);
    await stage.remove(owner, first);
    await stage.transfer(owner, thief);
    await stage.merge(second);

    await recover(stage, steps);

    expect(await stage.roles()).toEqual({
      [owner.userId]: 'owner',
      [first.userId]: 'editor',
      [second.userId]: 'editor',
    });
  });

  it.each(orders)('has its owner again who was merged after a transfer: %s', async (steps) => {
    const { stage, first } = await stageOf('viewer');
    const { owner, thief } = stage;
    await stage.invite(thief, 'editor');
    app.clock.advance(1);
    await stage.transfer(owner, thief);
    await stage.setRole(thief, first, 'editor');
    await stage.merge(owner);

    await recover(stage, steps);

    expect(await stage.roles()).toEqual({ [owner.userId]: 'owner', [first.userId]: 'viewer' });
  });

  it.each<readonly [string, (stage: Stage) => Promise<void>]>([
    ['lowered', (stage) => stage.setRole(stage.owner, stage.thief, 'viewer')],
    ['removed', (stage) => stage.remove(stage.owner, stage.thief)],
  ])('has the member again who was %s in the account that they came to', async (_, act) => {
    const { stage, first } = await stageOf('editor');
    const { owner } = stage;
    await stage.merge(first);
    await act(stage);

    await recover(stage, 'detach revert');

    expect(await stage.roles()).toEqual({ [owner.userId]: 'owner', [first.userId]: 'editor' });
  });

  it('gives a role of another member to neither, where it was raised since the merge', async () => {
    const { stage, first } = await stageOf('editor');
    const { owner, thief } = stage;
    await addMember(app, stage.teamId, thief, 'viewer');
    await stage.merge(first);
    const giving = await steppedUpFor(app, demo, owner, 'members.make_admin');
    const path = `/v1/teams/${stage.teamId}/members/${thief.userId}`;
    expect((await withGrant(giving.patch(path, { role: 'admin' }), giving.grant)).status).toBe(204);

    await recover(stage, 'detach revert');

    expect(await stage.roles()).toEqual({
      [owner.userId]: 'owner',
      [thief.userId]: 'viewer',
      [first.userId]: 'editor',
    });
  });
});
