import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';

const { provenanceOf } = jest.requireActual<{ provenanceOf(of: object): Statement }>('./lib/provenance.mjs');

const ROOT = join(__dirname, '..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const HASH = 'ab'.repeat(32);
const DIGEST = `sha256:${HASH}`;
const ARCHIVE = `countersign-client-${version}.tgz`;
const REGISTRIES = { IMAGE_REGISTRY: 'registry.example/team', PACKAGE_REGISTRY: 'https://npm.example/' };
/** In place of skopeo, cosign and npm: records its calls, and fails if `FAILING` names it. */
const FAKE = `#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
if [ "$1" = view ]; then echo "$PUBLISHED"; fi
[ "$(basename "$0") $1" != "$FAILING" ]
`;

interface Statement {
  readonly _type: string;
  readonly subject: readonly { readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: {
    readonly buildDefinition: { readonly resolvedDependencies: readonly object[] };
    readonly runDetails: { readonly builder: { readonly id: string } };
  };
}

interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly needs?: string | readonly string[];
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
  }[];
}

let scratch: string;
let folder: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'countersign-publish-'));
  folder = join(scratch, 'packages');
  mkdirSync(join(scratch, 'bin'));
  mkdirSync(join(scratch, 'package'));
  mkdirSync(folder);
  for (const name of ['skopeo', 'cosign', 'npm'])
    writeFileSync(join(scratch, 'bin', name), FAKE, { mode: 0o755 });
  const manifest = { name: '@countersign/client', version };
  writeFileSync(join(scratch, 'package/package.json'), JSON.stringify(manifest));
  spawnSync('tar', ['-czf', join(folder, ARCHIVE), '-C', scratch, 'package']);
  writeFile('digest', `${DIGEST}\n`);
  writeFile('provenance.json', JSON.stringify({ ...statement(), predicate: { of: 'this image' } }));
});

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

describe('scripts/publish.mjs', () => {
  it('pushes, signs and attests the image by its digest, then publishes the packages', () => {
    const { code, calls } = publish(REGISTRIES);

    const image = `registry.example/team/countersign@${DIGEST}`;
    const file = `${folder}/countersign-${version}`;
    expect(code).toBe(0);
    expect(calls).toEqual([
      `skopeo copy --preserve-digests oci-archive:${file}.oci.tar:${version} docker://registry.example/team/countersign:${version}`,
      `cosign sign --yes ${image}`,
      `cosign attest --yes --type=slsaprovenance1 --predicate=${file}.predicate.json ${image}`,
      `cosign attest --yes --type=cyclonedx --predicate=${file}.cdx.json ${image}`,
      `npm view @countersign/client@${version} version --registry=https://npm.example/`,
      `npm publish ${folder}/${ARCHIVE} --access=public --provenance --ignore-scripts --registry=https://npm.example/`,
    ]);
    expect(JSON.parse(readFileSync(`${file}.predicate.json`, 'utf8'))).toEqual({ of: 'this image' });
  });

  it('is a dry run without registries: it names each step, and calls nothing', () => {
    const { code, calls, printed } = publish({});

    expect([code, calls]).toEqual([0, []]);
    for (const step of [
      'push the image',
      'sign the image',
      'attest its provenance',
      'attest its SBOM',
      ARCHIVE,
    ])
      expect(printed).toMatch(new RegExp(`dry run: .*${step}`));
  });

  it('publishes the image alone where only its registry is named', () => {
    const { calls } = publish({ IMAGE_REGISTRY: REGISTRIES.IMAGE_REGISTRY });

    expect(calls.map((line) => line.split(' ')[0])).toEqual(['skopeo', 'cosign', 'cosign', 'cosign']);
  });

  it('skips a package that is published already', () => {
    const { code, calls } = publish({ ...REGISTRIES, PUBLISHED: version });

    expect([code, calls.filter((line) => line.startsWith('npm publish'))]).toEqual([0, []]);
  });

  it.each(['skopeo copy', 'cosign sign', 'cosign attest'])(
    'publishes nothing more when "%s" fails',
    (FAILING) => {
      const { code, calls } = publish({ ...REGISTRIES, FAILING });

      expect([code, calls.at(-1)?.startsWith(FAILING)]).toEqual([1, true]);
    },
  );

  it('refuses the provenance of another image', () => {
    writeFile('digest', `sha256:${'cd'.repeat(32)}\n`);

    expect(publish(REGISTRIES)).toMatchObject({ code: 1, calls: [] });
  });

  it('refuses a package of another version', () => {
    writeFileSync(join(folder, 'countersign-client-98.0.0.tgz'), '');

    expect(publish(REGISTRIES)).toMatchObject({ code: 1, calls: [] });
  });
});

describe('the provenance of an image', () => {
  it('is an in-toto statement with the digest, the commit, the base and the lock', () => {
    const made = statement();

    expect([made._type, made.predicateType]).toEqual([
      'https://in-toto.io/Statement/v1',
      'https://slsa.dev/provenance/v1',
    ]);
    expect(made.subject).toEqual([{ name: 'countersign', digest: { sha256: HASH } }]);
    expect(made.predicate.buildDefinition.resolvedDependencies).toEqual([
      { uri: 'git+https://host.example/team/countersign@v1.2.3', digest: { gitCommit: 'c0ffee' } },
      { uri: 'pkg:docker/node@24-bookworm-slim', digest: { sha256: HASH } },
      { uri: 'package-lock.json', digest: { sha256: HASH } },
    ]);
    expect(made.predicate.runDetails.builder.id).toBe('local');
  });

  it('names the workflow that built it', () => {
    const { builder } = statement({
      GITHUB_SERVER_URL: 'https://host.example',
      GITHUB_WORKFLOW_REF: 'team/countersign/.github/workflows/release.yml@refs/tags/v1.2.3',
    }).predicate.runDetails;

    expect(builder.id).toBe(
      'https://host.example/team/countersign/.github/workflows/release.yml@refs/tags/v1.2.3',
    );
  });
});

describe('.github/workflows/release.yml', () => {
  const { permissions, jobs } = load(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')) as {
    readonly permissions: object;
    readonly jobs: Readonly<Record<'pack' | 'image' | 'publish', Job>>;
  };

  it('gives its identity to the job that publishes, and to no other', () => {
    expect(permissions).toEqual({});
    expect([jobs.pack.permissions, jobs.image.permissions]).toEqual([
      { contents: 'read' },
      { contents: 'read' },
    ]);
    expect(jobs.publish.permissions).toEqual({ contents: 'read', 'id-token': 'write', packages: 'write' });
  });

  it('pins each action to a commit', () => {
    const used = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));

    expect(used.filter((each) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(each))).toEqual([]);
  });

  it('checks version and figures first, builds the image, and publishes to the registries that variables name', () => {
    expect(jobs.pack.steps.map(({ run }) => run).join('\n')).toContain(
      'release -- --check "$GITHUB_REF_NAME"',
    );
    expect(jobs.image.needs).toBe('pack');
    expect(jobs.image.steps.some(({ run }) => run?.includes('build:image -- image'))).toBe(true);
    expect(jobs.publish.needs).toEqual(['pack', 'image']);
    expect(jobs.publish.steps.at(-1)).toMatchObject({
      env: { IMAGE_REGISTRY: '${{ vars.IMAGE_REGISTRY }}', PACKAGE_REGISTRY: '${{ vars.PACKAGE_REGISTRY }}' },
      run: 'node scripts/publish.mjs packages',
    });
  });

  it('gives the password of the registry to the step that logs in, and to no other', () => {
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const secret = steps.filter((step) => JSON.stringify(step).includes('secrets.'));

    expect(secret.map(({ env }) => Object.keys(env ?? {}))).toEqual([
      ['REGISTRY', 'REGISTRY_USER', 'REGISTRY_PASSWORD'],
    ]);
    expect(secret[0]?.run).toContain('--password-stdin');
  });

  it('runs no code of a package where its identity can be used', () => {
    const runs = jobs.publish.steps.flatMap(({ run }) => run ?? []).join('\n');

    expect(runs).not.toMatch(/npm (?:ci|install|run)|install\.mjs|npx/);
    expect(
      [...importsOf(join(ROOT, 'scripts/publish.mjs'))].filter((name) => !name.startsWith('node:')),
    ).toEqual([]);
  });

  it('builds the image without an installed package', () => {
    expect(
      [...importsOf(join(ROOT, 'scripts/build-image.mjs'))].filter((name) => !name.startsWith('node:')),
    ).toEqual([]);
  });
});

function statement(environment: Readonly<Record<string, string>> = {}): Statement {
  return provenanceOf({
    digest: DIGEST,
    source: { version: '1.2.3', revision: 'c0ffee', source: 'https://host.example/team/countersign' },
    base: { name: 'node:24-bookworm-slim', digest: DIGEST },
    lock: HASH,
    environment,
  });
}

function publish(env: Readonly<Record<string, string>>): {
  readonly code: number | null;
  readonly calls: readonly string[];
  readonly printed: string;
} {
  const log = join(scratch, 'calls');
  writeFileSync(log, '');
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/publish.mjs'), folder], {
    env: { PATH: `${join(scratch, 'bin')}:${process.env['PATH'] ?? ''}`, CALLS: log, ...env },
    encoding: 'utf8',
  });
  const calls = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return { code: status, calls, printed: stderr };
}

/** Names of modules that a script imports, those of its own files too. */
function importsOf(file: string, seen = new Set<string>(), found = new Set<string>()): Set<string> {
  if (seen.has(file)) return found;
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:import|\} from)\b[^'\n]*'([^']+)';$/gm,
  )) {
    if (name.startsWith('.')) importsOf(join(dirname(file), name), seen, found);
    else found.add(name);
  }
  return found;
}

function writeFile(end: string, text: string): void {
  writeFileSync(join(folder, `countersign-${version}.${end}`), text);
}
