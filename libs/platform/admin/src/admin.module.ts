import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdempotencyModule } from '@countersign/http';
import { AuditController } from './audit/audit.controller';
import { CountersController } from './counters/counters.controller';
import { AdminJobs } from './jobs/admin-jobs';
import { JobsController } from './jobs/jobs.controller';
import { OwnPrincipalController, PrincipalsController } from './principals/principals.controller';
import { PrincipalEntity, PrincipalSecretEntity, PrincipalTokenEntity } from './principals/principal.entity';
import { PrincipalTokens } from './principals/principal-tokens';
import { PrincipalsRepository } from './principals/principals.repository';
import { PrincipalsService } from './principals/principals.service';
import { PrincipalTokenController } from './principals/token.controller';
import { AdminGuard } from './routes/admin.guard';
import { PrincipalSessions } from './sessions/principal-sessions';
import { ProviderPrincipals } from './sessions/provider-principals';
import { adminEvents, adminScopes } from './admin.feature';

@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([PrincipalEntity, PrincipalSecretEntity, PrincipalTokenEntity]),
    IdempotencyModule,
  ],
  controllers: [
    AuditController,
    CountersController,
    JobsController,
    OwnPrincipalController,
    PrincipalsController,
    PrincipalTokenController,
  ],
  providers: [
    AdminGuard,
    AdminJobs,
    PrincipalSessions,
    PrincipalsRepository,
    PrincipalsService,
    PrincipalTokens,
    ProviderPrincipals,
  ],
  exports: [AdminGuard, IdempotencyModule, PrincipalSessions, PrincipalsService, PrincipalTokens],
})
export class AdminModule {
  static readonly defines = { events: adminEvents, scopes: adminScopes };
}
