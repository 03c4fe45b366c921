import { Module } from '@nestjs/common';
import { AdminModule } from '@countersign/admin';
import { IssuerModule } from '@countersign/issuer';
import { JobsModule } from '@countersign/jobs';
import { Figures } from './figures';
import { FiguresController } from './figures.controller';
import { MetricsController } from './metrics.controller';
import { ServiceGauges } from './service-gauges';

@Module({
  imports: [AdminModule, IssuerModule, JobsModule],
  controllers: [FiguresController, MetricsController],
  providers: [Figures, ServiceGauges],
})
export class MetricsModule {}
