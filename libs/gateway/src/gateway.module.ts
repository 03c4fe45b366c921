import { Module } from '@nestjs/common';
import { IssuerModule } from '@countersign/issuer';
import { SessionsModule } from '@countersign/sessions';
import { GatewayCheck } from './gateway-check';
import { GatewayEndpoint } from './gateway-endpoint';

@Module({
  imports: [IssuerModule, SessionsModule],
  providers: [GatewayCheck, GatewayEndpoint],
  exports: [GatewayEndpoint],
})
export class GatewayModule {}
