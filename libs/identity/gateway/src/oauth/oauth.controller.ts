import { Post, Req } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiConsumes, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Answers, ApiController, LimitsRefusals, requestError, SpeaksOAuth } from '@countersign/http';
import { deviceKeyErrorCodes } from '@countersign/sessions';
import { IntrospectionResponse } from './dto/introspection.response';
import { TokenRequest, TokenParameters } from './token-parameters';
import { RevocationService } from './revocation.service';

const FORM = 'application/x-www-form-urlencoded';

const errors = [
  'client.server_only',
  'client.unauthenticated',
  'request.misplaced_parameter',
  'request.rate_limited',
  'service.unavailable',
];

@ApiController('v1/oauth', 'Services')
export class OAuthController {
  constructor(private readonly revocation: RevocationService) {}

  /** For the OpenAPI document only: `IntrospectionEndpoint` answers before the router. */
  @Post('introspect')
  @SpeaksOAuth()
  @ApiBasicAuth('clientSecret')
  @ApiConsumes(FORM)
  @ApiBody({ type: TokenRequest })
  @Answers('introspectToken', IntrospectionResponse, {
    summary: 'Introspect a token: whether it is active, and whose it is, RFC 7662',
    description:
      'For the servers of the application that the token was issued to; about any other token the answer is ' +
      '`{ "active": false }`. Introspection does not use the token.',
    errors,
  })
  introspect(): never {
    throw requestError('request.route_not_found');
  }

  @Post('revoke')
  @LimitsRefusals('oauth')
  @SpeaksOAuth()
  @ApiBasicAuth('clientSecret')
  @ApiSecurity({})
  @ApiConsumes(FORM)
  @ApiBody({ type: TokenRequest })
  @Answers('revokeToken', null, {
    summary: 'End the session of a token, RFC 7009',
    description:
      'For the application that the token was issued to, or without a secret for the holder of the token. The response ' +
      'is the same for an unknown token.',
    status: 200,
    errors: [...errors, 'request.origin_not_allowed', ...deviceKeyErrorCodes],
  })
  revoke(@TokenParameters() wanted: TokenRequest, @Req() request: FastifyRequest): Promise<void> {
    return this.revocation.revoke(wanted, request);
  }
}
