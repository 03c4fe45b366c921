export { type AllowedTarget } from './allowed-target';
export * from './config.module';
export * from './configuration';
export {
  custodyVariables,
  readCustodyConfiguration,
  readOperatorConfiguration,
} from './custody-configuration';
export { ConfigurationError } from './configuration-error';
export { environmentList } from './environment-list';
