import { Module } from '@nestjs/common';
import { AdminModule } from '@countersign/admin';
import { IssuerModule } from '@countersign/issuer';
import { JobsModule } from '@countersign/jobs';
import { MetricsController } from './metrics.controller';
import { ServiceGauges } from './service-gauges';

@Module({
  imports: [AdminModule, IssuerModule, JobsModule],
  controllers: [MetricsController],
  providers: [ServiceGauges],
})
export class MetricsModule {}
