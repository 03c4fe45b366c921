import { readFileSync, writeFileSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { clientTypes, DOCUMENT, TYPES } from './lib/client-types.mjs';
import { main } from './lib/main.mjs';

/** Writes the client's types of the public API, from docs/openapi/public.json as it is. */
await main(async () => {
  writeFileSync(inClone(TYPES), await clientTypes(JSON.parse(readFileSync(inClone(DOCUMENT), 'utf8'))));
});
