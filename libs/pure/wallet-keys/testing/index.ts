export { canariesOf, canary, findInMemory, type Canary } from './memory-search';
