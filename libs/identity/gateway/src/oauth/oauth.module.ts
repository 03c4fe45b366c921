import { Module } from '@nestjs/common';
import { ApplicationsModule } from '@countersign/applications';
import { PlainAnswers } from '@countersign/http';
import { SessionsModule } from '@countersign/sessions';
import { ClientCalls } from './authenticated-client';
import { IntrospectionEndpoint } from './introspection-endpoint';
import { IntrospectionService } from './introspection.service';
import { OAuthController } from './oauth.controller';
import { RevocationService } from './revocation.service';

@Module({
  imports: [ApplicationsModule, SessionsModule],
  controllers: [OAuthController],
  providers: [ClientCalls, IntrospectionEndpoint, IntrospectionService, PlainAnswers, RevocationService],
  exports: [ClientCalls, IntrospectionEndpoint],
})
export class OAuthModule {}
