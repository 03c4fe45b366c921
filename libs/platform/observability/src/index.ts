export * from './logger';
export { Metrics, METRICS_CONTENT_TYPE, type CountBy } from './metrics/metrics';
export * from './nest-logger';
export * from './observability.module';
export { endProcessAfter } from './process-end';
export { SideTasks, type SideTask } from './side-tasks';
