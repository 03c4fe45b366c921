import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Configuration } from '@countersign/config';
import { Answers } from '@countersign/http';
import { JwksResponse } from './dto/jwks.response';
import { ServerMetadataResponse } from './dto/server-metadata.response';
import { JWKS_MAX_AGE_SECONDS } from './keys/identity-key';
import { IdentityKeys } from './keys/identity-keys';
import { toJwks, toServerMetadata } from './well-known';

const CACHING = `public, max-age=${JWKS_MAX_AGE_SECONDS}`;

@Controller('.well-known')
@ApiTags('Services')
export class WellKnownController {
  constructor(
    private readonly keys: IdentityKeys,
    private readonly configuration: Configuration,
  ) {}

  @Get('jwks.json')
  @ApiOperation({
    operationId: 'getIdentityKeys',
    summary: 'The keys that verify identity tokens',
    description:
      'A JWK Set (RFC 7517). Fetch it again when a token names an unknown `kid`, and keep it as long as `Cache-Control` allows.',
  })
  @Header('cache-control', CACHING)
  @Answers(JwksResponse, { errors: ['service.unavailable'] })
  async jwks(): Promise<JwksResponse> {
    return toJwks(await this.keys.open());
  }

  @Get('oauth-authorization-server')
  @ApiOperation({
    operationId: 'getServerMetadata',
    summary: 'Authorization server metadata, RFC 8414',
    description: 'The addresses of the OAuth endpoints and of the keys.',
  })
  @Header('cache-control', CACHING)
  @Answers(ServerMetadataResponse)
  metadata(): ServerMetadataResponse {
    return toServerMetadata(this.configuration.issuer);
  }
}
