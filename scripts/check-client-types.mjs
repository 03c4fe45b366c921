import { readFileSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { clientTypes, DOCUMENT, TYPES } from './lib/client-types.mjs';
import { main, Sentence } from './lib/main.mjs';

/** Compares the client's types of the public API with what docs/openapi/public.json gives. */
await main(async () => {
  const wanted = await clientTypes(JSON.parse(readFileSync(inClone(DOCUMENT), 'utf8')));
  if (readFileSync(inClone(TYPES), 'utf8') !== wanted)
    throw new Sentence(`${TYPES} does not fit ${DOCUMENT}: run "npm run build:client-types".`);
});
