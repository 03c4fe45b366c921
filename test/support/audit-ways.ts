import type { Ways } from './audit-trail';
import { waysOfAudit } from './audit-ways-of-audit';
import { waysOfBoards } from './audit-ways-of-boards';
import { waysOfCustody } from './audit-ways-of-custody';
import { waysOfIdentityKeys } from './audit-ways-of-identity-keys';
import { waysOfImports } from './audit-ways-of-imports';
import { waysOfInvitations } from './audit-ways-of-invitations';
import { waysOfJobs } from './audit-ways-of-jobs';
import { waysOfListings } from './audit-ways-of-listings';
import { waysOfOpenid } from './audit-ways-of-openid';
import { waysOfOperators } from './audit-ways-of-operators';
import { waysOfPeople } from './audit-ways-of-people';
import { waysOfPrincipals } from './audit-ways-of-principals';
import { waysOfReferrals } from './audit-ways-of-referrals';
import { waysOfRingKeys } from './audit-ways-of-ring-keys';
import { waysOfSessions } from './audit-ways-of-sessions';
import { waysOfTeams } from './audit-ways-of-teams';
import { waysOfWallets } from './audit-ways-of-wallets';
import { waysOfWebhooks } from './audit-ways-of-webhooks';

/** Every audited action. */
export const allWays: Ways = {
  ...waysOfAudit,
  ...waysOfBoards,
  ...waysOfCustody,
  ...waysOfIdentityKeys,
  ...waysOfImports,
  ...waysOfInvitations,
  ...waysOfJobs,
  ...waysOfListings,
  ...waysOfOpenid,
  ...waysOfOperators,
  ...waysOfPeople,
  ...waysOfPrincipals,
  ...waysOfReferrals,
  ...waysOfRingKeys,
  ...waysOfSessions,
  ...waysOfTeams,
  ...waysOfWallets,
  ...waysOfWebhooks,
};
