import { IdentityKeys } from '../keys/identity-keys';
import { Get, Post } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath } from '@countersign/http';
import { IdentityKeyResponse, IdentityKeysResponse } from './dto/identity-key.response';
import { issuerScopes } from '../issuer.feature';

@AdminController('identity-keys', 'Identity keys')
export class AdminIdentityKeysController {
  constructor(private readonly keys: IdentityKeys) {}

  @Get()
  @Operation(
    'listIdentityKeys',
    issuerScopes.identityKeysRead,
    IdentityKeysResponse,
    'List the identity keys',
  )
  async list(): Promise<IdentityKeysResponse> {
    return { items: (await this.keys.list()).map((key) => IdentityKeyResponse.of(key)) };
  }

  @Post('rotate')
  @Operation('rotateIdentityKey', issuerScopes.identityKeysWrite, IdentityKeyResponse, {
    summary: 'Publish the next key, which signs a while later',
    description: 'While one is published that does not sign yet, that one is answered, and none is made.',
  })
  async rotate(): Promise<IdentityKeyResponse> {
    return IdentityKeyResponse.of(await this.keys.rotate());
  }

  @Post(':kid/revoke')
  @Operation('revokeIdentityKey', issuerScopes.identityKeysWrite, IdentityKeyResponse, {
    summary: 'Take a key back at once, and answer the one that signs now',
    description:
      'Services accept what it signed until they renew the keys that they keep: for 300 seconds, where they heed the time ' +
      'of the published set.',
  })
  async revoke(@IdInPath('kid', 'identity_key.not_found') kid: string): Promise<IdentityKeyResponse> {
    return IdentityKeyResponse.of(await this.keys.revoke(kid));
  }
}
