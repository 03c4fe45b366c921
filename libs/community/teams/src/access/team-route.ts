import {
  applyDecorators,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { ApiUuidParam, fromGuard, problemResponses, type Operation } from '@countersign/http';
import { AuthenticatedViewer, type ViewingCaller } from '@countersign/account';
import { Authenticated, InSession } from '@countersign/sessions';
import { TeamAccess, type TeamOfCaller } from './team-access';
import { allowedText, isForMembers, teamPermissions, type TeamPermission } from '../team-roles';
import { teamError } from '../teams.errors';

declare module 'fastify' {
  interface FastifyRequest {
    teamOfCaller?: TeamOfCaller;
  }
}

interface TeamOperation extends Operation {
  /** The permission if `{userId}` in the path is the caller. */
  readonly ofSelf?: TeamPermission;
}

const PermissionOfRoute = Reflector.createDecorator<{
  readonly permission: TeamPermission;
  readonly ofSelf: TeamPermission;
}>();

/** A service that changes the team checks again under its lock. */
@Injectable()
class TeamGuard implements CanActivate {
  constructor(
    private readonly access: TeamAccess,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { permission, ofSelf } = this.reflector.get(PermissionOfRoute, context.getHandler());
    const { teamId = '', userId } = request.params as { readonly teamId?: string; readonly userId?: string };
    if (!isUUID(teamId)) throw teamError('team.not_found');
    const caller = callerOf(request);
    const isSelf = userId !== undefined && userId.toLowerCase() === caller.userId;
    request.teamOfCaller = await this.access.authorise(caller, teamId, isSelf ? ofSelf : permission);
    return true;
  }
}

function callerOf({ principal, viewer }: FastifyRequest): ViewingCaller {
  const caller = principal ?? viewer;
  if (!caller) throw new Error('the guard of the session runs first');
  return caller;
}

export function TeamRoute(
  permission: TeamPermission,
  operationId: string,
  answer: Type | null,
  about: string | TeamOperation,
): MethodDecorator {
  const { ofSelf = permission, ...operation }: TeamOperation =
    typeof about === 'string' ? { summary: about } : about;
  const { byClients, withoutSession } = permission;
  const byPerson = withoutSession ? Authenticated : InSession;
  const own = ofSelf === permission ? '' : ` For oneself: ${allowedText(ofSelf)}.`;
  const allowed = `Allowed to: ${allowedText(permission)}.${own}`;
  return applyDecorators(
    PermissionOfRoute({ permission, ofSelf }),
    (byClients ? AuthenticatedViewer : byPerson)(operationId, answer, {
      ...operation,
      description: [operation.description ?? [], allowed].flat().join('\n\n'),
    }),
    UseGuards(TeamGuard),
    ApiExtension('x-team-act', [...new Set([permission.name, ofSelf.name])]),
    ApiUuidParam('teamId', 'The id of the team.'),
    ...problemResponses([
      'team.not_found',
      ...(isForMembers(permission)
        ? ['auth.assurance_too_low', 'team.not_a_member', 'team.role_too_low']
        : []),
      ...(ofSelf === teamPermissions.membersLeave ? ['team.owner_cannot_leave'] : []),
    ]),
  );
}

export const CurrentTeam = fromGuard(({ teamOfCaller }) => teamOfCaller, '@TeamRoute()');
