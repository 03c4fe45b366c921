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
import { AuthenticatedViewer, type ViewingCaller } from '@countersign/profiles';
import { Authenticated, InSession } from '@countersign/sessions';
import { TeamAccess, type TeamOfCaller } from './team-access';
import { allowedText, declarationOf, isForMembers, type TeamActName } from '../team-roles';
import { teamError } from '../teams.errors';

declare module 'fastify' {
  interface FastifyRequest {
    teamOfCaller?: TeamOfCaller;
  }
}

interface TeamOperation extends Operation {
  /** The act if `{userId}` in the path is the caller. */
  readonly ofSelf?: TeamActName;
}

const ActOfRoute = Reflector.createDecorator<{ readonly act: TeamActName; readonly ofSelf: TeamActName }>();

/** A service that changes the team checks again under its lock. */
@Injectable()
class TeamGuard implements CanActivate {
  constructor(
    private readonly access: TeamAccess,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { act, ofSelf } = this.reflector.get(ActOfRoute, context.getHandler());
    const { teamId = '', userId } = request.params as { readonly teamId?: string; readonly userId?: string };
    if (!isUUID(teamId)) throw teamError('team.not_found');
    const caller = callerOf(request);
    const isSelf = userId !== undefined && userId.toLowerCase() === caller.userId;
    request.teamOfCaller = await this.access.authorise(caller, teamId, isSelf ? ofSelf : act);
    return true;
  }
}

function callerOf({ principal, viewer }: FastifyRequest): ViewingCaller {
  const caller = principal ?? viewer;
  if (!caller) throw new Error('the guard of the session runs first');
  return caller;
}

export function TeamAct(
  act: TeamActName,
  operationId: string,
  answer: Type | null,
  about: string | TeamOperation,
): MethodDecorator {
  const { ofSelf = act, ...operation }: TeamOperation =
    typeof about === 'string' ? { summary: about } : about;
  const { byClients, withoutSession } = declarationOf(act);
  const byPerson = withoutSession ? Authenticated : InSession;
  const own = ofSelf === act ? '' : ` For oneself: ${allowedText(ofSelf)}.`;
  const allowed = `Allowed to: ${allowedText(act)}.${own}`;
  return applyDecorators(
    ActOfRoute({ act, ofSelf }),
    (byClients ? AuthenticatedViewer : byPerson)(operationId, answer, {
      ...operation,
      description: [operation.description ?? [], allowed].flat().join('\n\n'),
    }),
    UseGuards(TeamGuard),
    ApiExtension('x-team-act', ofSelf === act ? [act] : [act, ofSelf]),
    ApiUuidParam('teamId', 'The id of the team.'),
    ...problemResponses([
      'team.not_found',
      ...(isForMembers(act) ? ['auth.assurance_too_low', 'team.not_a_member', 'team.role_too_low'] : []),
      ...(ofSelf === 'members.leave' ? ['team.owner_cannot_leave'] : []),
    ]),
  );
}

export const CurrentTeam = fromGuard(({ teamOfCaller }) => teamOfCaller, '@TeamAct()');
