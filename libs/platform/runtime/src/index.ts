export * from './clock/clock';
export * from './clock/clock.module';
export { Semaphore } from './clock/semaphore';
export { NoAnswer, within } from './clock/within';
export { type AllowedTarget } from './config/allowed-target';
export * from './config/config.module';
export * from './config/configuration';
export {
  consentVariables,
  custodyVariables,
  readConsentConfiguration,
  readCustodyConfiguration,
  readReaderConfiguration,
  readOperatorConfiguration,
} from './config/custody-configuration';
export { ConfigurationError } from './config/environment-reader';
export { DefinitionsInUse } from './extensions/definitions-in-use';
export { extensionPoint } from './extensions/extension-point';
export * from './observability/logger';
export { Metrics, METRICS_CONTENT_TYPE, type CountBy } from './observability/metrics/metrics';
export * from './observability/nest-logger';
export * from './observability/observability.module';
export { endProcessAfter } from './observability/process-end';
export { SideTasks, type SideTask } from './observability/side-tasks';
