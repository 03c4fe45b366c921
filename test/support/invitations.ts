import { randomUUID } from 'node:crypto';
import { aPerson, type LaunchOptions, type Person, type SignInBody } from '../factories';
import { signInPerson, type PersonSession } from './person-session';
import type { Demo, TestApp } from './test-app';

/** What a sign-in says of the invitation in its start parameter. */
export interface ToldInvitation {
  readonly outcome: string;
  readonly code?: string;
  readonly invitationId?: string;
  readonly team?: { readonly teamId: string; readonly name: string; readonly logoUrl: string | null };
  readonly role?: string;
  readonly expiresAt?: string;
}

export interface MadeInvitation {
  readonly invitationId: string;
  readonly token: string;
  readonly links: readonly { readonly botId: string; readonly startapp: string; readonly start: string }[];
}

export interface TestTeam {
  readonly teamId: string;
  readonly owner: PersonSession;
}

/** A team and its owner, as rows. */
export async function aTeam(app: TestApp, demo: Demo, owner?: PersonSession): Promise<TestTeam> {
  const session = owner ?? (await signInPerson(app, demo));
  const teamId = randomUUID();
  await app.database.query(
    `WITH made AS (
       INSERT INTO teams (id, application_id, name, name_key, owner_id, member_count, created_at, updated_at)
       VALUES ($1::uuid, $2, 'Team ' || $1::uuid, $1::uuid::text, $3, 1, now(), now()))
     INSERT INTO team_members (team_id, user_id, application_id, role, joined_at)
     VALUES ($1::uuid, $3, $2, 'owner', now())`,
    [teamId, demo.applicationId, session.userId],
  );
  return { teamId, owner: session };
}

/** Makes a person a member, as a row. */
export async function addMember(
  app: TestApp,
  { teamId }: TestTeam,
  { userId }: Pick<SignInBody, 'userId'>,
  role: string,
): Promise<void> {
  await app.database.query(
    `WITH counted AS (UPDATE teams SET member_count = member_count + 1 WHERE id = $1)
     INSERT INTO team_members (team_id, user_id, application_id, role, joined_at)
     SELECT id, $2, application_id, $3, now() FROM teams WHERE id = $1`,
    [teamId, userId, role],
  );
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
  { teamId }: TestTeam,
  wanted: object = {},
): Promise<MadeInvitation> {
  const answer = await inviter.post(`/v1/teams/${teamId}/invitations`, { role: 'viewer', ...wanted });
  if (answer.status !== 201)
    throw new Error(`inviting answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as MadeInvitation;
}

/** Signs a person in by a link. */
export async function signInBy(
  app: TestApp,
  demo: Demo,
  startParam: string,
  person: Person = aPerson(),
  launch: LaunchOptions = {},
): Promise<SignInBody & { readonly invitation?: ToldInvitation }> {
  const initData = app.initDataOf(demo, person, { startParam, ...launch });
  const answer = await app.postSignIn({ applicationId: demo.applicationId, initData });
  if (answer.status !== 200)
    throw new Error(`sign-in answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as SignInBody & { readonly invitation?: ToldInvitation };
}
