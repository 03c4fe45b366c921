export * from './logger';
export { Metrics, METRICS_CONTENT_TYPE, type CountBy } from './metrics/metrics';
export * from './nest-logger';
export * from './observability.module';
export { endProcessAfter } from './process-end';
export { SideTask, SideTasks } from './side-tasks';
