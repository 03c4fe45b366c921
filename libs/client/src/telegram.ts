export { readInitData } from './init-data.js';
