import './lib/node-version.mjs';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inClone } from './lib/clone.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import {
  assertFiles,
  assertTestedVersion,
  filesIn,
  installAlone,
  keepArchive,
  packLib,
  run,
  runInstalled,
} from './lib/packages.mjs';
import { assertPublishable, publishAsTrial } from './lib/publishing.mjs';

/**
 * Packs published/identity-token as it would be published, runs `npm publish --dry-run`, and uses the package in folders that
 * have its dependencies only: it has to work without the rest of this repository. `--out <folder>` keeps the package there.
 */

const NAME = '@countersign/identity-token';
const LIB = inClone('published', 'identity-token');
const TSC = 'typescript/bin/tsc';
const TYPES = 'types.mts';
const PUBLISHED =
  /^(dist\/[a-z]+\/[a-z.-]+(?<!\.spec)\.(js|d\.ts)|LICENSE|CHANGELOG\.md|README\.md|package\.json)$/;

/** What each door may import, besides the half without a framework. Types of a framework are no import at run time. */
const DOORS = {
  express: { code: [], types: ['node:http'] },
  fastify: { code: [], types: ['fastify'] },
  hono: { code: [], types: ['hono'] },
  nest: { code: ['@nestjs/common'], types: ['@nestjs/common'] },
  next: { code: [], types: [] },
  src: { code: ['jose'], types: ['jose'] },
};

/** What a service has installed besides the package. The types of Node serve the compiler only. */
const PLAIN = ['jose', '@types/node'];
const FRAMEWORKS = ['@types/express', 'express', 'fastify', 'hono'];
const NEST = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify', 'reflect-metadata', 'rxjs'];

const scratch = mkdtempSync(join(tmpdir(), 'countersign-identity-token-'));

await main(async () => {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    const archive = pack();
    publishAsTrial(join(scratch, 'package'), archive);
    const [plain, frameworks, nest] = ['plain', 'frameworks', 'nest'].map((name) => join(scratch, name));
    assertContents(installAlone(plain, archive, NAME, PLAIN));
    tryOut(plain, 'plain-service');
    tryNames(plain);
    installAlone(frameworks, archive, NAME, [...PLAIN, ...FRAMEWORKS]);
    writeTypes(frameworks);
    tryOut(frameworks, 'framework-service', ['testing/examples'], [TYPES]);
    tryBundlerTypes(frameworks);
    installAlone(nest, archive, NAME, [...PLAIN, ...NEST]);
    tryOut(nest, 'nest-service');
    keepArchive(archive, values.out);
    say('The identity token package works alone.');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** @returns {string} the archive */
function pack() {
  const dist = join(scratch, 'dist');
  runInstalled(TSC, ['--project', join(LIB, 'tsconfig.build.json'), '--outDir', dist], scratch);
  return packLib(LIB, dist, scratch);
}

/** Nothing but code, its types and three pages, none of which imports anything else of this repository. */
function assertContents(folder) {
  assertFiles(folder, PUBLISHED);
  for (const file of filesIn(folder).filter((each) => each.startsWith('dist/'))) {
    const mayImport = DOORS[file.split('/')[1]]?.[file.endsWith('.d.ts') ? 'types' : 'code'];
    if (!mayImport)
      throw new Sentence(`${file} is of a door that scripts/check-identity-token.mjs does not know.`);
    const named = readFileSync(join(folder, file), 'utf8').matchAll(
      /\b(?:require\(|from |import\(|declare module )["']([^"']+)/g,
    );
    const wrong = [...named]
      .map(([, name]) => name)
      .find((name) => !/^(\.\/|\.\.\/src($|\/))/.test(name) && !mayImport.includes(name));
    if (wrong) throw new Sentence(`${file} would need ${wrong}.`);
  }
  assertTestedVersion(folder, 'jose');
  assertPublishable(folder);
}

/** Compiles a service of published/identity-token/testing/alone against the published types, and runs it. `types` are compiled with it. */
function tryOut(folder, service, others = [], types = []) {
  const main = `testing/alone/${service}.ts`;
  for (const file of [main, 'testing/test-issuer.ts', ...others]) {
    cpSync(join(LIB, file), join(folder, file), { recursive: true });
  }
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types: ['node'],
    rootDir: '.',
    outDir: 'dist',
    strict: true,
    exactOptionalPropertyTypes: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    // @types/node has declarations that conflict.
    skipLibCheck: true,
  };
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [main, ...types] }));
  runInstalled(TSC, [], folder);
  node([`dist/testing/alone/${service}.js`], folder);
}

/** From ES modules and by `require()`, without any framework; the half for Nest asks for Nest. */
function tryNames(folder) {
  const source = `
    import { createRequire } from 'node:module';
    import { createIdentityTokenVerifier, IdentityTokenError, verifyIdentityToken } from '${NAME}';
    import * as express from '${NAME}/express';
    import * as fastify from '${NAME}/fastify';
    import * as hono from '${NAME}/hono';
    import * as next from '${NAME}/next';
    const require = createRequire(process.cwd() + '/');
    const names = [createIdentityTokenVerifier, IdentityTokenError, verifyIdentityToken, next.authProxy];
    for (const [door, module] of Object.entries({ express, fastify, hono, next })) {
      const required = require('${NAME}/' + door);
      names.push(module.requireAuth, module.getAuth);
      if (required.requireAuth !== module.requireAuth) throw new Error(door + ' is loaded twice');
    }
    names.push(require('${NAME}').verifyIdentityToken);
    if (names.some((each) => typeof each !== 'function')) throw new Error('a name is missing');
    const error = await import('${NAME}/nest').catch((thrown) => thrown);
    if (!/@nestjs\\/common/.test(error.message)) throw new Error('Nest should have been missing', { cause: error });
  `;
  node(['--input-type=module', '--eval', source], folder);
}

/** An ES module that uses the doors, for Node's rules and those of bundlers. */
function writeTypes(folder) {
  const doors = Object.keys(DOORS).filter((door) => !['nest', 'src'].includes(door));
  const source = [
    `import { createIdentityTokenVerifier } from '${NAME}';`,
    ...doors.map((door) => `import { requireAuth as ${door} } from '${NAME}/${door}';`),
    `const verifier = createIdentityTokenVerifier({ issuer: 'https://id.example.com', audience: 'shop' });`,
    ...doors.map((door) => `${door}(verifier, { scopes: ['orders:write'], leastAssurance: 'platform' });`),
    ...doors.flatMap((door) => [
      '// @ts-expect-error -- there is no such requirement',
      `${door}(verifier, { scope: 'orders:write' });`,
    ]),
  ].join('\n');
  writeFileSync(join(folder, TYPES), source);
}

/** The types are found by bundlers too, as in a Next project. */
function tryBundlerTypes(folder) {
  const options = ['--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2023'];
  const checks = ['--strict', '--noEmit', '--skipLibCheck', '--types', 'node', '--ignoreConfig'];
  runInstalled(TSC, [...options, ...checks, TYPES], folder);
}

function node(args, cwd) {
  run(process.execPath, args, cwd);
}
