import { Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller';
import { ServiceGauges } from './service-gauges';

@Module({ controllers: [MetricsController], providers: [ServiceGauges] })
export class MetricsModule {}
