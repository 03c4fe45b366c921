import { UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { isRoleAtLeast, type IdentityToken, type IdentityTokenTeamRole } from '../src';
import { problem } from '../src/problem';
import { identityCallerOf } from './identity-caller';
import { IdentityTokenGuard } from './identity-token.guard';
import { refusal } from './problem';

interface Request {
  readonly params: Readonly<Partial<Record<string, unknown>>>;
}

const teamsTruncated = problem(
  403,
  'teams_truncated',
  'The person has more teams than the identity token names.',
);

class TeamRoleGuard implements CanActivate {
  constructor(
    private readonly parameter: string,
    private readonly least: IdentityTokenTeamRole,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const teamId = request.params[this.parameter];
    if (typeof teamId !== 'string') throw new Error(`the route has no parameter ${this.parameter}`);
    const caller = identityCallerOf(request);
    const role = roleIn(caller, teamId);
    if (isRoleAtLeast(role, this.least)) return true;
    if (role === undefined && caller?.areTeamsTruncated) throw refusal(context, teamsTruncated);
    throw refusal(
      context,
      problem(403, 'insufficient_team_role', `This needs the role ${this.least} in the team.`),
    );
  }
}

/** UUIDs may be written in capitals. */
function roleIn(caller: IdentityToken | undefined, teamId: string): IdentityTokenTeamRole | undefined {
  return caller?.teams?.find((team) => team.teamId.toLowerCase() === teamId.toLowerCase())?.role;
}

/**
 * Guards a route or controller as `IdentityTokenGuard` does, and lets only members of a team with at least this role
 * pass. It answers 403 to the others: with `identity_token.teams_truncated` where the person has more teams than the
 * token names and this may be one of the others.
 * @param parameter of the path of the route: the id of the team
 * @throws TypeError for an unknown role or an empty name
 */
export function RequireTeamRole(
  parameter: string,
  least: IdentityTokenTeamRole,
): ClassDecorator & MethodDecorator {
  if (!isRoleAtLeast(least, least)) throw new TypeError('name a role that is known');
  if (parameter === '') throw new TypeError('name the parameter of the path');
  return UseGuards(IdentityTokenGuard, new TeamRoleGuard(parameter, least));
}
