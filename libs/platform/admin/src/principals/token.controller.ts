import { Body, Header, Headers, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiConsumes, ApiSecurity } from '@nestjs/swagger';
import { ApiController, Answers, assertSafe, readBasic, SpeaksOAuth, type Form } from '@countersign/http';
import { principalError } from '../admin.errors';
import { PrincipalTokenRequest, PrincipalTokenResponse } from '../dto/token.dto';
import { ADMIN_PREFIX } from '../routes/admin-controller';
import { CountsFailures } from './counts-failures';
import { PrincipalTokens, type SecretProof } from './principal-tokens';

@ApiController(`${ADMIN_PREFIX}/token`, 'Principals')
export class PrincipalTokenController {
  constructor(private readonly tokens: PrincipalTokens) {}

  @Post()
  @CountsFailures()
  @SpeaksOAuth()
  @Header('cache-control', 'no-store')
  @ApiBasicAuth('principalSecret')
  @ApiSecurity({})
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: PrincipalTokenRequest })
  @Answers('issuePrincipalToken', PrincipalTokenResponse, {
    summary: 'Get a token by client credentials, RFC 6749 section 4.4',
    description:
      'A principal authenticates with its id and a secret, by `Authorization: Basic` or in the form. Of one address, ' +
      'failures above 60 a minute get 429; right ones pass.',
    errors: [
      'principal.invalid_client',
      'principal.invalid_scope',
      'principal.unsupported_grant_type',
      'request.rate_limited',
      'service.unavailable',
    ],
  })
  async issue(
    @Body() body: unknown,
    @Headers('authorization') authorization: string | undefined,
  ): Promise<PrincipalTokenResponse> {
    const form = body instanceof Map ? (body as Form) : new Map<string, string>();
    assertSafe(Object.fromEntries(form));
    if (form.get('grant_type') !== 'client_credentials')
      throw principalError('principal.unsupported_grant_type');
    const proof = proofOf(form, authorization);
    if (!proof) throw principalError('principal.invalid_client');
    const issued = await this.tokens.issue(proof, form.get('scope') || undefined);
    return {
      access_token: issued.accessToken,
      token_type: 'Bearer',
      expires_in: issued.expiresIn,
      scope: issued.scopes.join(' '),
    };
  }
}

/** RFC 6749, section 2.3: a client authenticates in one way per request. Null for none or for several. */
function proofOf(form: Form, authorization: string | undefined): SecretProof | null {
  const secret = form.get('client_secret');
  if (authorization === undefined)
    return secret === undefined ? null : { principalId: form.get('client_id') ?? '', secret };
  const basic = secret === undefined ? readBasic(authorization) : null;
  return basic && { principalId: basic.clientId, secret: basic.clientSecret };
}
