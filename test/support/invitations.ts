import type { SignInBody } from '../factories';
import { signInPerson, type PersonSession } from './person-session';
import { aTeam as aTeamOf } from './teams';
import type { Demo, TestApp } from './test-app';

export interface MadeInvitation {
  readonly invitationId: string;
  readonly token: string;
  readonly links: readonly { readonly botId: string; readonly startapp: string; readonly start: string }[];
}

export interface TestTeam {
  readonly teamId: string;
  readonly name: string;
  readonly owner: PersonSession;
}

export async function aTeam(app: TestApp, demo: Demo, owner?: PersonSession): Promise<TestTeam> {
  const session = owner ?? (await signInPerson(app, demo));
  const { teamId, name } = await aTeamOf(session);
  return { teamId, name, owner: session };
}

/** Takes a membership away, as a row. */
export async function dropMember(
  app: TestApp,
  { teamId }: TestTeam,
  { userId }: Pick<SignInBody, 'userId'>,
): Promise<void> {
  await app.database.query(
    `WITH counted AS (UPDATE teams SET member_count = member_count - 1 WHERE id = $1)
     DELETE FROM team_members WHERE team_id = $1 AND user_id = $2`,
    [teamId, userId],
  );
}

export async function membersOf(
  app: TestApp,
  teamId: string,
): Promise<readonly { readonly userId: string; readonly role: string; readonly invitedBy: string | null }[]> {
  return app.database.query(
    `SELECT user_id AS "userId", role, invited_by AS "invitedBy" FROM team_members WHERE team_id = $1 AND role <> 'owner'`,
    [teamId],
  );
}

export async function invite(
  inviter: PersonSession,
  { teamId }: Pick<TestTeam, 'teamId'>,
  wanted: object = {},
): Promise<MadeInvitation> {
  const answer = await inviter.post(`/v1/teams/${teamId}/invitations`, { role: 'viewer', ...wanted });
  if (answer.status !== 201)
    throw new Error(`inviting answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as MadeInvitation;
}
