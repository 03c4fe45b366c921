export { canariesOf, canariesOfWords, canary, findInMemory, type Canary } from './memory-search';
