import { Module } from '@nestjs/common';
import { JobsModule } from '@countersign/jobs';
import { MetricsController } from './metrics.controller';
import { ServiceGauges } from './service-gauges';

@Module({ imports: [JobsModule], controllers: [MetricsController], providers: [ServiceGauges] })
export class MetricsModule {}
