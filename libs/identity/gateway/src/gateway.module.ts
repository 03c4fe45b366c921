import { Module } from '@nestjs/common';
import { PlainAnswers } from '@countersign/http';
import { IssuerModule, SessionsModule } from '@countersign/sessions';
import { GatewayEndpoint } from './gateway-endpoint';

@Module({
  imports: [IssuerModule, SessionsModule],
  providers: [GatewayEndpoint, PlainAnswers],
  exports: [GatewayEndpoint],
})
export class GatewayModule {}
