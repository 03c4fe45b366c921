import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ApplicationsService, type Application } from '@countersign/applications';
import { SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { requestError } from '@countersign/http';
import { proofClaimsOf } from '@countersign/issuer';
import { grantedTo, shownAssuranceOf, TokenInspector, type InspectedToken } from '@countersign/sessions';
import { ClientCalls } from './authenticated-client';
import type { IntrospectionResponse } from './dto/introspection.response';
import type { TokenRequest } from './token-parameters';

/** RFC 7662: describes to an application the tokens of its own sessions only. */
@Injectable()
export class IntrospectionService {
  constructor(
    private readonly clients: ClientCalls,
    private readonly tokens: TokenInspector,
    private readonly applications: ApplicationsService,
    private readonly configuration: Configuration,
  ) {}

  /**
   * @returns the id of the application that asks
   * @throws AppError client.unauthenticated, request.origin_not_allowed
   */
  async authenticate({ authorization, origin }: IncomingHttpHeaders): Promise<string> {
    // A client secret must not be used in a page.
    if (origin !== undefined) throw requestError('request.origin_not_allowed');
    return this.clients.identify(authorization);
  }

  async introspect({ token }: TokenRequest, applicationId: string): Promise<IntrospectionResponse> {
    const inspected = await this.tokens.inspect(token);
    if (inspected?.principal.applicationId !== applicationId) return { active: false };
    const application =
      this.applications.peekById(applicationId) ?? (await this.applications.getById(applicationId));
    return toIntrospection(inspected, application, this.configuration.issuer);
  }
}

function toIntrospection(
  { kind, principal, deviceKeyThumbprint, expiresAt }: InspectedToken,
  application: Application,
  issuer: string,
): IntrospectionResponse {
  const granted = grantedTo(principal, application);
  const isBound = deviceKeyThumbprint !== null;
  return {
    active: true,
    // A refresh token gets none of the members that services check, so it cannot pass for an access token.
    ...(kind === 'access'
      ? {
          token_use: 'access_token',
          token_type: isBound ? 'DPoP' : 'Bearer',
          scope: granted.scopes.join(' '),
        }
      : { token_use: 'refresh_token' }),
    client_id: principal.applicationId,
    sub: principal.userId,
    sid: principal.sessionId,
    iss: issuer,
    aud: principal.applicationId,
    exp: Math.floor(expiresAt.getTime() / SECOND),
    assurance: shownAssuranceOf(granted),
    ...proofClaimsOf(granted),
    ...(isBound ? { cnf: { jkt: deviceKeyThumbprint } } : {}),
  };
}
