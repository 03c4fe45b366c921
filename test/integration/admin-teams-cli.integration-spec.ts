import { randomUUID } from 'node:crypto';
import { signInPerson } from '../support/person-session';
import { useCountersign } from '../support/run-countersign';
import { addMember, aTeam } from '../support/teams';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('teams and invitations at the command line', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const countersign = useCountersign(app);

  it('are listed, changed and handed over', async () => {
    const [owner, member] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner, { name: 'Terminal' });
    await addMember(app, teamId, member, 'viewer');
    const invited = await owner.post(`/v1/teams/${teamId}/invitations`, { role: 'viewer' }).expect(201);
    const { invitationId } = invited.body as { invitationId: string };

    const list = `team list --application ${demo.applicationId} --name term`;
    expect(await countersign.lines(list)).toMatchObject([{ teamId, name: 'Terminal' }]);
    expect(await countersign.lines(`team list --user ${member.userId}`)).toMatchObject([{ role: 'viewer' }]);
    expect(await countersign.json(`team set ${teamId} --name Renamed --clear website`)).toMatchObject({
      name: 'Renamed',
    });
    expect(await countersign.lines(`invitation list --team ${teamId} --state open`)).toMatchObject([
      { invitationId },
    ]);
    await countersign.run(`invitation revoke ${invitationId}`);
    expect(await countersign.lines(`invitation list --team ${teamId} --state open`)).toEqual([]);
    await countersign.run(`team transfer ${teamId} --to ${member.userId} --reason ticket-8`);
    expect(await countersign.json(`team show ${teamId}`)).toMatchObject({ ownerId: member.userId });
    await countersign.run(`team remove-member ${teamId} --user ${owner.userId}`);
    expect(await countersign.lines(`team members ${teamId}`)).toMatchObject([{ role: 'owner' }]);
    await countersign.run(`team delete ${teamId}`);
    expect(await countersign.json(`team restore ${teamId}`)).toMatchObject({ state: 'active' });
  });

  it.each([
    ['team list --name x', '--application'],
    [`team list --user ${randomUUID()} --state active`, '--user'],
    [`team set ${randomUUID()}`, '--name'],
    [`team set ${randomUUID()} --clear name`, '--clear'],
    [`team set ${randomUUID()} --logo https://x.example --clear logo`, '--logo'],
    ['team show x', 'UUID'],
    [`team show ${randomUUID()}`, 'no such team'],
    [`team transfer ${randomUUID()} --to ${randomUUID()}`, '--reason'],
    ['invitation list --state open', '--team'],
  ])('are refused: %s', async (words, sentence) => {
    expect(await countersign.failure(words)).toContain(sentence);
  });
});
