export { type AllowedTarget } from './allowed-target';
export * from './config.module';
export * from './configuration';
export { custodyVariables, readCustodyConfiguration, readOperatorSocket } from './custody-configuration';
export { ConfigurationError } from './configuration-error';
export { environmentList } from './environment-list';
