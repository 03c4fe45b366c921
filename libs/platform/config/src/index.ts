export { type AllowedTarget } from './allowed-target';
export * from './config.module';
export * from './configuration';
export {
  consentVariables,
  custodyVariables,
  readConsentConfiguration,
  readCustodyConfiguration,
  readReaderConfiguration,
  readOperatorConfiguration,
} from './custody-configuration';
export { ConfigurationError } from './environment-reader';
