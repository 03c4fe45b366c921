import { buildConsentPage, buildConsole } from './lib/build-console.mjs';

/** For deploy/Dockerfile, which compiles the rest by itself. */
await buildConsole(process.cwd(), 'dist');
await buildConsentPage(process.cwd(), 'dist');
