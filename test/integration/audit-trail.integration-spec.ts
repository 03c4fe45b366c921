import { expectRecorded, missingFrom, rowsOf, useStage, type Ways } from '../support/audit-trail';
import { waysOfAudit } from '../support/audit-ways-of-audit';
import { waysOfIdentityKeys } from '../support/audit-ways-of-identity-keys';
import { waysOfInvitations } from '../support/audit-ways-of-invitations';
import { waysOfJobs } from '../support/audit-ways-of-jobs';
import { waysOfOperators } from '../support/audit-ways-of-operators';
import { waysOfPeople } from '../support/audit-ways-of-people';
import { waysOfPrincipals } from '../support/audit-ways-of-principals';
import { waysOfReferrals } from '../support/audit-ways-of-referrals';
import { waysOfRingKeys } from '../support/audit-ways-of-ring-keys';
import { waysOfSessions } from '../support/audit-ways-of-sessions';
import { waysOfTeams } from '../support/audit-ways-of-teams';
import { waysOfWebhooks } from '../support/audit-ways-of-webhooks';

const ways: Ways = {
  ...waysOfOperators,
  ...waysOfIdentityKeys,
  ...waysOfInvitations,
  ...waysOfRingKeys,
  ...waysOfPeople,
  ...waysOfSessions,
  ...waysOfReferrals,
  ...waysOfPrincipals,
  ...waysOfAudit,
  ...waysOfJobs,
  ...waysOfWebhooks,
  ...waysOfTeams,
};

describe('the audit trail', () => {
  const stage = useStage();

  it('has no action that is not performed here', () => {
    expect(missingFrom(ways)).toEqual([]);
  });

  it.each(rowsOf(ways))('says %s, %s, and nothing else', async (action, _, way) => {
    const recorded = await expectRecorded(await way(stage));

    expect(recorded).toContain(action);
  });
});
