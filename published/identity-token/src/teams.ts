import type { JWTPayload } from 'jose';
import { IdentityTokenError } from './identity-token-error';
import { isName } from './name';

/** What a member may do in a team, least first. */
const TEAM_ROLES = ['viewer', 'editor', 'admin', 'owner'] as const;
export type IdentityTokenTeamRole = (typeof TEAM_ROLES)[number];

/** A membership. */
export interface IdentityTokenTeam {
  readonly teamId: string;
  /** Undefined when the issuer sends an unknown value: it is that of no role. */
  readonly role: IdentityTokenTeamRole | undefined;
}

interface Teams {
  readonly teams: readonly IdentityTokenTeam[] | undefined;
  readonly areTeamsTruncated: boolean;
}

/** @throws IdentityTokenError claims_invalid */
export function readTeams({ teams, teamsTruncated = false }: JWTPayload): Teams {
  if (typeof teamsTruncated !== 'boolean') throw new IdentityTokenError('claims_invalid');
  if (teams === undefined) return { teams, areTeamsTruncated: teamsTruncated };
  if (!Array.isArray(teams)) throw new IdentityTokenError('claims_invalid');
  return { teams: teams.map(readTeam), areTeamsTruncated: teamsTruncated };
}

function readTeam(team: unknown): IdentityTokenTeam {
  const { id, role }: { readonly id?: unknown; readonly role?: unknown } = Object(team) as object;
  if (!isName(id) || !isName(role)) throw new IdentityTokenError('claims_invalid');
  return { teamId: id, role: TEAM_ROLES.find((known) => known === role) };
}
