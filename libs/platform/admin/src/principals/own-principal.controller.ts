import { Get } from '@nestjs/common';
import { PrincipalResponse } from '../dto/principal.dto';
import { AdminController } from '../routes/admin-controller';
import { Caller } from '../routes/admin-request';
import { Operation } from '../routes/operation';
import type { Principal } from './principal';
import { PrincipalsService } from './principals.service';

/** What every principal may read about itself, with any token. */
@AdminController('me', 'Principals')
export class OwnPrincipalController {
  constructor(private readonly principals: PrincipalsService) {}

  @Get()
  @Operation('readOwnPrincipal', 'any', PrincipalResponse, 'Read the calling principal')
  async read(@Caller() { principalId }: Principal): Promise<PrincipalResponse> {
    return PrincipalResponse.of(await this.principals.get(principalId));
  }
}
