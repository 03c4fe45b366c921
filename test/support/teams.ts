import { randomBytes } from 'node:crypto';
import { Database } from '@countersign/database';
import type { AppError } from '@countersign/text';
import { TeamAccess, TeamMembers, type GivenRole } from '@countersign/teams';
import { UsersService } from '@countersign/users';
import type { SignInBody } from '../factories';
import type { PersonSession } from './person-session';
import type { TestApp } from './test-app';

/** The answer of a team, as far as tests read it. */
export interface TeamBody {
  readonly teamId: string;
  readonly name: string;
  readonly role: string | null;
}

/** A name that no other team has, also folded. */
export function aTeamName(): string {
  return `Team ${randomBytes(8).toString('hex').replaceAll(/[01]/g, 'x')}`;
}

export async function aTeam(owner: PersonSession, fields: object = {}): Promise<TeamBody> {
  const answer = await owner.post('/v1/teams', { name: aTeamName(), ...fields });
  if (answer.status !== 201) throw new Error(`the team was not created: ${JSON.stringify(answer.body)}`);
  return answer.body as TeamBody;
}

/** As an accepted invitation does. @returns `joined`, or the code of the refusal */
export async function join(
  app: TestApp,
  teamId: string,
  { userId }: Pick<SignInBody, 'userId'>,
  role: GivenRole,
): Promise<string> {
  return app.nest
    .get(Database)
    .transaction(async (tx) => {
      const user = await app.nest.get(UsersService).lock(tx, userId);
      const team = await app.nest.get(TeamAccess).lockTeam(tx, teamId);
      if (!team) throw new Error('there is no such team');
      await app.nest.get(TeamMembers).join(tx, { team, user, role, invitedBy: null });
    })
    .then(
      () => 'joined',
      (error: unknown) => (error as AppError).code,
    );
}

/** @see join */
export async function addMember(
  app: TestApp,
  teamId: string,
  person: Pick<SignInBody, 'userId'>,
  role: GivenRole,
): Promise<void> {
  const outcome = await join(app, teamId, person, role);
  if (outcome !== 'joined') throw new Error(`the person did not join: ${outcome}`);
}
