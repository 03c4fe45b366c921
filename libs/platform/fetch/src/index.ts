export { boundedFetch } from './bounded-fetch';
