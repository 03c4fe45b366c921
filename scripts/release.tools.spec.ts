import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const { nextVersion } = jest.requireActual<{
  nextVersion(current: string, wanted: string, isReleased: boolean): string;
}>('./lib/release.mjs');

const ROOT = join(__dirname, '..');
/** The script, and what names the version. */
const COPIED =
  /^(?:scripts\/(?:lib\/[\w-]+|release)\.mjs|docs\/(?:openapi\/.*|(?:debian|gateway|performance)\.md)|deploy\/helm\/countersign\/Chart\.yaml|(?:(?:published|examples)\/[\w-]+\/)?(?:CHANGELOG\.md|README\.md|package(?:-lock)?\.json))$/;
const CHART = 'deploy/helm/countersign/Chart.yaml';
const DOCUMENTS = ['public', 'gateway', 'admin', 'metapro', 'xellar'].map(
  (name) => `docs/openapi/${name}.json`,
);
const LIBS = ['client', 'fake-telegram', 'identity-token', 'verify', 'webhook-events'];
const CHANGELOGS = ['CHANGELOG.md', ...LIBS.map((lib) => `published/${lib}/CHANGELOG.md`)];
const MANIFESTS = ['package.json', ...LIBS.map((lib) => `published/${lib}/package.json`)];

/** In place of a build: documents match unless the environment says otherwise. */
const FAKE_BUILD = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  const folder = 'dist/apps/api/src/openapi';
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + '/write-documents.js', 'process.exit(process.env.DOCUMENTS_DIFFER ? 1 : 0);');
`;

interface Manifest {
  readonly version: string;
  readonly info: { readonly version: string };
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}

let clone: string;

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'countersign-release-'));
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.split('\n').filter((each) => COPIED.test(each) && existsSync(join(ROOT, each))))
    cpSync(join(ROOT, file), join(clone, file), { recursive: true });
  write('.gitignore', 'dist/\n');
  write('scripts/build.mjs', FAKE_BUILD);
  for (const file of CHANGELOGS) write(file, '# Changes\n\n## Unreleased\n\n- It grew.\n');
  for (const file of [...MANIFESTS, 'package-lock.json', ...DOCUMENTS]) setVersion(file, '0.1.0');
  write(CHART, read(CHART).replaceAll(/(?<=ersion: )[\d.]+$/gim, '0.1.0'));
  write('libs/toy/src/toy.ts', 'export const toy = 1;\n');
  git('init', '--quiet');
  commit();
  measure(git('rev-parse', '--short', 'HEAD'));
  commit();
  git('branch', 'copy');
});

beforeEach(() => {
  git('reset', '--quiet', '--hard', 'copy');
  git('clean', '--quiet', '--force');
});

afterAll(() => rmSync(clone, { recursive: true, force: true }));

describe('npm run release', () => {
  it('sets the version in all places that name it', () => {
    expect(release('minor')).toMatchObject({ code: 0 });

    expect(MANIFESTS.map((file) => json(file).version)).toEqual(MANIFESTS.map(() => '0.2.0'));
    expect(DOCUMENTS.map((file) => json(file).info.version)).toEqual(DOCUMENTS.map(() => '0.2.0'));
    expect(read(CHART)).toMatch(/^version: 0\.2\.0\nappVersion: 0\.2\.0$/m);
    const lock = json('package-lock.json');
    expect([lock.version, lock.packages['']?.version]).toEqual(['0.2.0', '0.2.0']);
    expect(read('docs/gateway.md')).toContain('countersign-identity-token-0.2.0.tgz');
    expect(read('docs/debian.md')).toContain('countersign-0.2.0.tgz');
    expect(json('examples/mini-app/package-lock.json').packages).toMatchObject({
      'node_modules/@countersign/client': { version: '0.2.0' },
    });
  });

  it('changes versions only, in manifests and documents', () => {
    release('minor');

    const files = [...MANIFESTS, 'package-lock.json', ...DOCUMENTS];
    const changed = git('diff', '--unified=0', '--', ...files)
      .split('\n')
      .filter((line) => /^\+[^+]/.test(line));
    expect(changed).toHaveLength(files.length + 1);
    expect(changed.filter((line) => !/^\+\s+"version": "0\.2\.0",?$/.test(line))).toEqual([]);
  });

  it('makes what is unreleased the section of the version, with the date', () => {
    release('minor');

    for (const file of CHANGELOGS)
      expect(read(file)).toMatch(/^# Changes\n\n## 0\.2\.0 - \d{4}-\d{2}-\d{2}\n\n- It grew\.\n$/);
  });

  it('says of a package that did not change that it did not', () => {
    write('published/client/CHANGELOG.md', '# Changes\n\n## 0.1.0 - 2026-01-31\n\n- It exists.\n');
    commit();

    release('patch');

    expect(read('published/client/CHANGELOG.md')).toMatch(
      /^# Changes\n\n## 0\.1\.1 - [\d-]+\n\n- No changes\.\n\n## 0\.1\.0 - 2026-01-31\n\n- It exists\.\n$/,
    );
  });

  it('makes the first release of the version that all places name already', () => {
    expect(release('0.1.0')).toMatchObject({ code: 0 });

    const changed = git('diff', '--name-only').split('\n');
    expect(changed).toEqual(expect.arrayContaining([...CHANGELOGS]));
    expect(changed.filter((file) => [...MANIFESTS, ...DOCUMENTS, CHART].includes(file))).toEqual([]);
    commit();
    expect(release('--check', 'v0.1.0')).toMatchObject({ code: 0 });
  });

  it('says what comes next, and is the release that its check wants', () => {
    const { told } = release('minor');
    expect(told).toContain('git tag v0.2.0');

    commit();

    expect(release('--check', 'v0.2.0')).toMatchObject({ code: 0 });
    expect(release('--check', 'v0.3.0')).toMatchObject({ code: 1 });
  });

  it('writes nothing in a dry run', () => {
    const { code, told } = release('minor', '--dry-run');

    expect([code, git('status', '--porcelain')]).toEqual([0, '']);
    expect(told).toContain('published/client/CHANGELOG.md');
  });

  it('shows in a dry run what the tag would publish, and where', () => {
    const { told } = releaseWith({ IMAGE_REGISTRY: 'registry.example/team' }, 'minor', '--dry-run');

    for (const step of [
      'npm run build:image -- packages',
      'docker://registry.example/team/countersign:0.2.0',
      'cosign sign --yes registry.example/team/countersign@sha256:...',
      '--predicate=packages/countersign-0.2.0.cdx.json',
      'npm publish ./packages/countersign-client-0.2.0.tgz',
      'npm publish ./packages/countersign-identity-token-0.2.0.tgz',
      '--registry=$PACKAGE_REGISTRY',
    ])
      expect(told).toContain(step);
  });

  it.each([
    ['a test', 'libs/toy/src/toy.spec.ts'],
    ['a document', 'docs/toy.md'],
  ])('takes the figures of an earlier commit when only %s has changed', (_, file) => {
    write(file, 'changed\n');
    commit();

    expect(release('minor')).toMatchObject({ code: 0 });
  });
});

describe('the next version', () => {
  it.each([
    ['major', '1.0.0'],
    ['minor', '0.3.0'],
    ['patch', '0.2.8'],
    ['0.2.8', '0.2.8'],
    ['0.10.0', '0.10.0'],
  ])('is for %s after 0.2.7 %s', (wanted, version) => {
    expect(nextVersion('0.2.7', wanted, true)).toBe(version);
  });

  it('may be the one of package.json, until that has a tag', () => {
    expect(nextVersion('0.2.7', '0.2.7', false)).toBe('0.2.7');
    expect(() => nextVersion('0.2.7', '0.2.7', true)).toThrow('is not after 0.2.7');
  });

  it.each(['0.2.6', '0.1.9', '0.0.8', 'huge', '1.2', 'v1.2.3', '1.2.3-rc.1'])('is never %s', (wanted) => {
    expect(() => nextVersion('0.2.7', wanted, false)).toThrow(wanted);
  });
});

describe('npm run release refuses', () => {
  it.each([
    ['no word', [], 'npm run release -- major|minor|patch'],
    ['an unknown option', ['minor', '--force'], '--force'],
    ['a check of a version that is not here', ['--check', 'v0.1.0'], 'CHANGELOG.md is not that of 0.1.0'],
    ['a check of a chart of another version', ['--check', 'v0.2.0'], 'Chart.yaml has another appVersion'],
  ])('%s', (_, words, message) => {
    const { code, told } = release(...words);

    expect([code, git('status', '--porcelain')]).toEqual([1, '']);
    expect(told).toContain(message);
  });

  it('a version that has a tag', () => {
    git('tag', 'v0.1.0');
    git('tag', 'v0.2.0');
    try {
      expect(release('0.1.0').told).toContain('is not after 0.1.0');
      expect(release('minor').told).toContain('There is a tag v0.2.0 already');
    } finally {
      git('tag', '--delete', 'v0.1.0', 'v0.2.0');
    }
  });

  it('files that are not committed', () => {
    write('stray.txt', 'stray');

    expect(release('minor')).toMatchObject({ code: 1, told: expect.stringContaining('stray.txt') as string });
    expect(json('package.json').version).toBe('0.1.0');
  });

  it('documents that do not match the code', () => {
    const { code, told } = releaseWith({ DOCUMENTS_DIFFER: 'yes' }, 'minor');

    expect([code, git('status', '--porcelain')]).toEqual([1, '']);
    expect(told).toContain('do not match the code');
  });

  it.each([
    ['code', 'libs/toy/src/toy.ts', 'export const toy = 2;\n', 'libs/toy/src/toy.ts'],
    ['a production package', 'package-lock.json', '', 'package-lock.json'],
  ])('figures that were measured before a change of %s', (_, file, text, named) => {
    write(file, text || read(file).replace(/("node_modules\/fastify": \{\s+"version": ")[^"]+/, '$199.0.0'));
    commit();

    const { code, told } = release('minor');
    expect([code, git('status', '--porcelain')]).toEqual([1, '']);
    expect(told).toContain('docs/performance.md was measured on');
    expect(told).toContain(named);
    expect(release('--check', 'v0.1.0').told).toContain('docs/performance.md was measured on');
  });

  it('old figures in a dry run too, after its steps', () => {
    write('libs/toy/src/toy.ts', 'export const toy = 2;\n');
    commit();

    const { code, told } = release('minor', '--dry-run');
    expect(code).toBe(1);
    expect(told).toMatch(/docker:\/\/[^]*docs\/performance\.md was measured on/);
  });

  it.each([
    ['a tree with changes', () => `${git('rev-parse', '--short', 'HEAD')}, with changes`, 'with changes'],
    ['an unknown commit', () => 'c0ffee0', 'no commit of this branch'],
    ['nothing that is named', () => '', 'does not say which commit'],
  ])('figures of %s', (_, measured, message) => {
    measure(measured());
    commit();

    expect(release('minor')).toMatchObject({ code: 1, told: expect.stringContaining(message) as string });
  });

  it('a changelog that has the version already', () => {
    write('CHANGELOG.md', '# Changes\n\n## 0.2.0 - 2026-01-31\n\n- It grew.\n');
    commit();

    expect(release('minor')).toMatchObject({ code: 1 });
    expect(git('status', '--porcelain')).toBe('');
  });
});

describe('the version', () => {
  it('is the same in all manifests and documents of this repository', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
    const own = readdirSync(join(ROOT, 'published'))
      .map((lib) => `published/${lib}/package.json`)
      .filter((file) => existsSync(join(ROOT, file)));

    const named = [...own, 'package-lock.json', ...DOCUMENTS].map((file) => {
      const found = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Partial<Manifest>;
      return [file, found.info?.version ?? found.version];
    });

    expect(named.filter(([, each]) => each !== version)).toEqual([]);
    expect(readFileSync(join(ROOT, CHART), 'utf8')).toContain(
      `\nversion: ${version}\nappVersion: ${version}\n`,
    );
  });
});

interface Outcome {
  readonly code: number | null;
  readonly told: string;
}

function release(...words: readonly string[]): Outcome {
  return releaseWith({}, ...words);
}

function releaseWith(env: Readonly<Record<string, string>>, ...words: readonly string[]): Outcome {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/release.mjs', ...words], {
    cwd: clone,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { code: status, told: stderr };
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: clone, encoding: 'utf8' }).trim();
}

function commit(): void {
  git('add', '--all');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '--message', 'Copy');
}

/** Has docs/performance.md say which commit was measured. */
function measure(commitOfFigures: string): void {
  const file = 'docs/performance.md';
  write(
    file,
    read(file).replace(/^\| Countersign +\| commit .*$/m, `| Countersign | commit ${commitOfFigures} |`),
  );
}

/** As it is in the first places of a file. */
function setVersion(file: string, version: string): void {
  const { info, version: own } = json(file) as Partial<Manifest>;
  const line = `"version": "${info?.version ?? own ?? ''}"`;
  const times = file === 'package-lock.json' ? 2 : 1;
  let text = read(file);
  for (let count = 0; count < times; count += 1) text = text.replace(line, `"version": "${version}"`);
  write(file, text);
}

function json(file: string): Manifest {
  return JSON.parse(read(file)) as Manifest;
}

function read(file: string): string {
  return readFileSync(join(clone, file), 'utf8');
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(clone, file)), { recursive: true });
  writeFileSync(join(clone, file), text);
}
