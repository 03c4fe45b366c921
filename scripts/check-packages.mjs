import './lib/node-version.mjs';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import {
  assertFiles,
  assertTestedVersions,
  compileInEachMode,
  compileReadme,
  filesIn,
  installAlone,
  run,
  runInstalled,
  writeManifest,
} from './lib/packages.mjs';
import { id } from './lib/production-packages.mjs';
import { packPublished } from './lib/published.mjs';
import { installServer, packServer } from './lib/server-package.mjs';

/**
 * Packs each package that is published, or those that are named, as it would be published: publint and attw read it,
 * and it is used in an empty folder, beside its dependencies alone. `--out <folder>` keeps the packages there.
 */

const MAX_BYTES_OF_SERVER = 16_000_000;
/** No tests, sources or files of an environment. */
const OF_SERVER =
  /^(?!(?!examples\/start\/|node_modules\/).*(?:\.spec\.|\/testing\/|(?<!\.d)\.tsx?$|\.env$))(?:(?:CHANGELOG|README)\.md$|LICENSE$|(?:package|sbom\.cdx)\.json$|(?:bin|deploy|dist|examples|node_modules|scripts)\/)/;
const OF_LIB =
  /^(?!.*\/testing\/)(?:dist\/(?:[\w-]+\/)*[a-z.-]+(?<!\.spec)\.(?:m?js|js\.map|d\.ts)|LICENSE|CHANGELOG\.md|README\.md|package\.json)$/;
const PAGES = ['LICENSE', 'README.md', 'CHANGELOG.md'];
const FRAMEWORKS = ['express', 'fastify', '@types/express', 'undici-types'];
const NEST = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'];

/**
 * `beside`: what is installed with it. `profile`: how it may be imported, as attw calls it. `trial`: statements of a module that imports `all` of it.
 */
const PACKAGES = {
  client: {
    name: '@countersign/client',
    beside: ['react', '@types/react', 'csstype', '@types/node', 'undici-types'],
    profile: 'esm-only',
    trial: '',
  },
  'identity-token': {
    name: '@countersign/identity-token',
    beside: ['jose', '@types/node', ...FRAMEWORKS, ...NEST],
    profile: 'node16',
    trial: `
      if (require(name).createIdentityTokenVerifier !== all.createIdentityTokenVerifier) throw new Error('it is loaded twice');
      await all.createIdentityTokenVerifier({ issuer: 'https://id.example.com', audience: 'shop' }).verify('x').then(
        () => { throw new Error('it accepts a text'); },
        (error) => { if (!(error instanceof all.IdentityTokenError)) throw error; },
      );`,
  },
  'fake-telegram': {
    name: '@countersign/fake-telegram',
    beside: ['@types/node', 'undici-types'],
    profile: 'node16',
    trial: `
      const telegram = await all.startFakeTelegram({ port: 0 });
      const initData = telegram.telegram.signInitData({ botToken: '1:made-up', user: all.aTelegramUser(), authDate: new Date() });
      const served = await fetch(telegram.issuer + '/.well-known/openid-configuration').then((answer) => answer.json());
      await telegram.stop();
      if (!/hash=[0-9a-f]{64}/.test(initData) || served.issuer !== telegram.issuer) throw new Error('it does not sign');`,
  },
  'webhook-events': {
    name: '@countersign/webhooks',
    beside: ['standardwebhooks', '@types/node', 'undici-types'],
    profile: 'node16',
    trial: `
      if (require(name).verifyEvent !== all.verifyEvent) throw new Error('it is loaded twice');
      try {
        all.verifyEvent('{}', {}, ['whsec_AAAA']);
        throw new Error('it accepts a request without a signature');
      } catch (error) {
        if (!(error instanceof all.WebhookVerificationError)) throw error;
      }`,
  },
  verify: {
    name: '@countersign/verify',
    beside: ['@types/node', 'undici-types'],
    // publint and attw want types of their own for `import`; they differ for a default export only, and there is none.
    profile: null,
    trial: `
      const given = ['auth_date=1760000000&hash=' + '0'.repeat(64), { botToken: '42:token', maxAgeSeconds: 60 }];
      for (const { verifyInitData } of [all, require(name)]) {
        const { code } = await verifyInitData(...given);
        if (code !== 'init_data.hash_mismatch') throw new Error('it answers ' + code);
      }`,
  },
};

await main(async () => {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
  const names = [...Object.keys(PACKAGES), 'server'];
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown) throw new Sentence(`There is no package ${unknown}, only ${names.join(', ')}.`);
  await ensureInstalled();
  for (const name of positionals.length > 0 ? positionals : names) {
    const scratch = mkdtempSync(join(tmpdir(), `countersign-${name}-`));
    try {
      const archive = name === 'server' ? await checkServer(scratch) : await checkLib(name, scratch);
      if (values.out) cpSync(archive, join(values.out, basename(archive)));
      say(`The package ${name} works alone.`);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
});

/** @returns {Promise<string>} the archive */
async function checkLib(lib, scratch) {
  const { name, beside, profile, trial } = PACKAGES[lib];
  const folder = inClone('published', lib);
  const archive = await packPublished(lib, scratch);
  const alone = join(scratch, 'alone');
  const installed = installAlone(alone, archive, name, beside);
  assertFiles(installed, OF_LIB, PAGES);
  assertTestedVersions(installed);
  if (profile !== null) {
    runInstalled('publint/src/cli.js', ['run', '--strict', archive], scratch);
    const words = ['--profile', profile, '--no-definitely-typed', '--no-emoji', '--format', 'ascii'];
    runInstalled('@arethetypeswrong/cli/dist/index.js', [archive, ...words], scratch);
  }
  if (lib === 'client') assertSizes(alone, installed, folder);
  const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const doors = Object.keys(exports).filter((door) => door !== './package.json');
  const specifiers = doors.map((door) => name + door.slice(1));
  compileInEachMode(alone, specifiers, profile === 'esm-only');
  const source = `
    import { createRequire } from 'node:module';
    const name = '${name}';
    const require = createRequire(process.cwd() + '/');
    for (const specifier of ${JSON.stringify(specifiers)})
      if (Object.keys(await import(specifier)).length === 0) throw new Error(specifier + ' exports nothing');
    const all = await import(name);
    ${trial}`;
  run(process.execPath, ['--input-type=module', '--eval', source], alone);
  // The README of the identity token has parts of services, which its own specs run.
  if (lib !== 'identity-token') compileReadme(alone, join(folder, 'README.md'));
  return archive;
}

/** Compares the sizes of an installed package with the limits in `.size-limit.json` of its folder. */
function assertSizes(alone, installed, folder) {
  // size-limit looks for its plugins in the manifests of the folders above.
  writeManifest(alone, { devDependencies: { '@size-limit/preset-small-lib': '*' } });
  copyFileSync(join(folder, '.size-limit.json'), join(installed, '.size-limit.json'));
  runInstalled('size-limit/bin.js', [], installed);
}

/** `test/nightly/server-package.nightly-spec.ts` starts it. @returns {Promise<string>} the archive */
async function checkServer(scratch) {
  await ensureBuilt();
  const archive = await packServer(scratch);
  const folder = join(scratch, 'package');
  assertFiles(folder, OF_SERVER, PAGES);
  const { size } = statSync(archive);
  if (size > MAX_BYTES_OF_SERVER)
    throw new Sentence(`The package of the service has ${size} bytes, more than ${MAX_BYTES_OF_SERVER}.`);
  assertBundled(folder);
  const alone = join(scratch, 'alone');
  const program = join(installServer(alone, archive), 'bin', 'countersign');
  for (const words of [['help'], ['--version'], ['fake-telegram', '--help']])
    run(process.execPath, [program, ...words], alone);
  return archive;
}

/** The SBOM names the packages that are in the package, and no others. */
function assertBundled(folder) {
  const { components } = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
  const listed = components.map(id);
  const bundled = filesIn(folder)
    .filter((file) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(file))
    .map((file) => id(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
  const wrong = [
    ...listed.filter((each) => !bundled.includes(each)),
    ...bundled.filter((each) => !listed.includes(each)),
  ];
  if (wrong.length > 0) throw new Sentence(`The SBOM and the packages differ in ${wrong.join(', ')}.`);
}
