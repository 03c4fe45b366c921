export { canariesOf, canariesOfWords, findInMemory } from './memory-search';
