export * from './calls';
export { commandOf, CUSTODY_HELP } from './commands';
export * from './frames';
export * from './journal';
export { Refused } from './refused';
export * from './shown';
