export * from './clock';
export * from './clock.module';
export { NoAnswer, within } from './within';
