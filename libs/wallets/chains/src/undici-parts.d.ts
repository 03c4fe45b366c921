// The index of undici would put its own dispatcher behind the `fetch` of Node.

declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export = Pool;
}
