export * from './config.module';
export * from './configuration';
export { environmentTable } from './environment-table';
