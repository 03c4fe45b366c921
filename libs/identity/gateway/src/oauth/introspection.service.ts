import { Injectable } from '@nestjs/common';
import { ApplicationsService, type Application } from '@countersign/applications';
import { Configuration, SECOND } from '@countersign/runtime';
import {
  grantedTo,
  type InspectedToken,
  proofClaimsOf,
  shownAssuranceOf,
  TokenInspector,
} from '@countersign/sessions';
import type { IntrospectionResponse } from './dto/introspection.response';
import type { TokenRequest } from './token-parameters';

/** RFC 7662. An application learns only about the tokens of its own sessions. */
@Injectable()
export class IntrospectionService {
  constructor(
    private readonly tokens: TokenInspector,
    private readonly applications: ApplicationsService,
    private readonly configuration: Configuration,
  ) {}

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
