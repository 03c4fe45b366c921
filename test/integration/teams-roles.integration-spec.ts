import { randomUUID } from 'node:crypto';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type AppError } from '@countersign/text';
import { Database } from '@countersign/database';
import {
  hasPermission,
  TeamAccess,
  teamPermissions,
  teamRoles,
  type TeamPermission,
} from '@countersign/teams';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { signInPerson, type PersonSession } from '../support/person-session';
import { addMember, aTeam } from '../support/teams';
import { useFixture } from '../support/use-fixture';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

/** Who calls. The strangers are: no member, one of another team, and owners of teams in other applications. */
const callers = [
  ...teamRoles,
  'none',
  'owner of another team',
  'owner in another application',
  'owner in a third-party application',
  'client secret',
  'client secret of another application',
] as const;
type CallerKind = (typeof callers)[number];

/** What a call comes to: whether the table lets it pass. */
type Verdict =
  | 'allowed'
  | 'not found'
  | 'not a member'
  | 'role too low'
  | 'owner cannot leave'
  | 'no session';

const verdicts: Readonly<Record<string, Verdict>> = {
  'team.not_found': 'not found',
  'team.not_a_member': 'not a member',
  'team.role_too_low': 'role too low',
  'team.owner_cannot_leave': 'owner cannot leave',
  'session.token_missing': 'no session',
  'session.token_invalid': 'no session',
};

interface Route {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly permission: TeamPermission;
  /** The permission for one’s own membership. */
  readonly ofSelf: TeamPermission | null;
}

interface Operation {
  readonly operationId: string;
  readonly 'x-team-act'?: readonly string[];
}

/** So that a call that passes the guard is judged by the service too. Others send `{}`. */
const bodies: Readonly<Record<string, (target: string) => object>> = {
  changeTeam: () => ({ description: 'Changed.' }),
  transferTeam: (userId) => ({ userId }),
  setTeamMemberRole: () => ({ role: 'viewer' }),
};

const permissions: readonly TeamPermission[] = Object.values(teamPermissions);

const isRole = (caller: CallerKind): caller is (typeof teamRoles)[number] =>
  (teamRoles as readonly string[]).includes(caller);

describe('what roles may do in a team', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app));
  const elsewhere = useFixture(() => aConfidentialApplication(app));
  const third = useApplication(app, { trust: 'third-party' });
  let routes: readonly Route[] = [];
  let ofTeams: readonly string[] = [];

  beforeAll(async () => {
    const { paths } = (await app.http.get('/openapi/public.json')).body as OpenAPIObject;
    const all = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
        path,
        method,
        operation,
      })),
    );
    ofTeams = all
      .filter(({ path }) => path.startsWith('/v1/teams/{teamId}'))
      .map(({ operation }) => operation.operationId);
    routes = all.flatMap(({ path, method, operation: { operationId, 'x-team-act': names = [] } }) => {
      const [permission, ofSelf = null] = names.flatMap((name) =>
        permissions.filter((one) => one.name === name),
      );
      return permission ? [{ operationId, method, path, permission, ofSelf }] : [];
    });
  });

  function expected(caller: CallerKind, permission: TeamPermission): Verdict {
    if (caller === 'client secret') return permission.byClients ? 'allowed' : 'no session';
    if (caller === 'client secret of another application')
      return permission.byClients ? 'not found' : 'no session';
    if (caller.endsWith('application')) return 'not found';
    const role = isRole(caller) ? caller : null;
    if (hasPermission(role, permission)) return 'allowed';
    if (role === null) return 'not a member';
    return role === 'owner' && permission.name === 'members.leave' ? 'owner cannot leave' : 'role too low';
  }

  interface Scene {
    readonly teamId: string;
    /** A viewer. */
    readonly target: string;
    readonly sessions: Readonly<Partial<Record<CallerKind, PersonSession>>>;
  }

  /** A team with a viewer, its owner, and those who call. */
  async function aScene(wanted: readonly CallerKind[]): Promise<Scene> {
    const [owner, target] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, target, 'viewer');
    const sessions: Partial<Record<CallerKind, PersonSession>> = { owner };
    for (const caller of wanted) {
      if (caller === 'owner' || caller.startsWith('client secret')) continue;
      const session = await signInPerson(app, placeOf(caller));
      if (isRole(caller)) await addMember(app, teamId, session, caller);
      else if (caller !== 'none') await aTeam(session);
      sessions[caller] = session;
    }
    return { teamId, target: target.userId, sessions };
  }

  function placeOf(caller: CallerKind): Demo {
    if (caller === 'owner in another application') return elsewhere;
    return caller === 'owner in a third-party application' ? third : demo;
  }

  const headerOf = ({ sessions }: Scene, caller: CallerKind): string => {
    if (caller === 'client secret') return basicOf(demo);
    if (caller === 'client secret of another application') return basicOf(elsewhere);
    return `Bearer ${sessions[caller]?.accessToken ?? ''}`;
  };

  async function verdictOf(
    { method, path, operationId }: Route,
    scene: Scene,
    caller: CallerKind,
    userId: string,
  ): Promise<Verdict> {
    const url = path
      .replace('{teamId}', scene.teamId)
      .replace('{userId}', userId)
      .replaceAll(/\{\w+\}/g, scene.teamId);
    const answer = await app.http[method as 'get'](url)
      .set('authorization', headerOf(scene, caller))
      .send(method === 'get' ? undefined : (bodies[operationId]?.(scene.target) ?? {}));
    expect(answer.status).toBeLessThan(500);
    // It would count as allowed.
    expect(answer.status).not.toBe(429);
    return verdicts[(answer.body as { code?: string }).code ?? ''] ?? 'allowed';
  }

  it('is decided by the table at every route of a team', () => {
    expect(routes.map(({ operationId }) => operationId).toSorted()).toEqual(ofTeams.toSorted());
    expect(routes.length).toBeGreaterThanOrEqual(10);
  });

  it.each(callers)('is what the table says, at every route: %s', async (caller) => {
    const found: Record<string, Verdict> = {};
    const wanted: Record<string, Verdict> = {};
    let kept: Scene | undefined;
    for (const route of routes) {
      const scene = (kept ??= await aScene([caller]));
      const self = scene.sessions[caller]?.userId;
      const names = [route.operationId];
      wanted[route.operationId] = expected(caller, route.permission);
      found[route.operationId] = await verdictOf(route, scene, caller, scene.target);
      if (route.ofSelf !== null && self !== undefined) {
        const ofSelf = `${route.operationId} of oneself`;
        names.push(ofSelf);
        wanted[ofSelf] = expected(caller, route.ofSelf);
        found[ofSelf] = await verdictOf(route, scene, caller, self);
      }
      // What was refused, or only read, has changed nothing.
      if (route.method !== 'get' && names.some((name) => found[name] === 'allowed')) kept = undefined;
    }
    expect(found).toEqual(wanted);
  });

  it('is decided again under the lock of the team', async () => {
    const { teamId, sessions } = await aScene(callers);
    const found: Record<string, Verdict> = {};
    const wanted: Record<string, Verdict> = {};
    for (const caller of callers)
      for (const permission of permissions) {
        const session = sessions[caller];
        if (!session) continue;
        const { applicationId } = caller.includes('application') ? elsewhere : demo;
        const who = {
          sessionId: session.sessionId,
          userId: session.userId,
          applicationId,
          assurance: 'platform',
          isOfAllowedBot: false,
          identityId: randomUUID(),
        } as const;
        const name = `${caller}: ${permission.name}`;
        wanted[name] =
          isRole(caller) || permission.name !== 'team.read' ? expected(caller, permission) : 'not a member';
        if (caller.includes('application')) wanted[name] = 'not found';
        found[name] = await app.nest.get(Database).transaction((tx) =>
          app.nest
            .get(TeamAccess)
            .assertPermission(tx, who, teamId, permission)
            .then((): Verdict => 'allowed')
            .catch(
              (error: unknown) => verdicts[(error as AppError).code] ?? Promise.reject(error as AppError),
            ),
        );
      }
    expect(found).toEqual(wanted);
  });
});
