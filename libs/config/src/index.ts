export * from './config.module';
export * from './configuration';
export { environmentVariables, type VariableDescription } from './environment';
