export * from './clock';
export * from './clock.module';
export { Semaphore } from './semaphore';
export { NoAnswer, within } from './within';
