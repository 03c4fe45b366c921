import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly [field: string]: unknown;
  readonly version: string;
  readonly exports?: Readonly<Record<string, unknown>>;
}

const { completed } = jest.requireActual<{
  completed(manifest: Manifest, directory: string, url: string | null): Manifest;
}>('./lib/packages.mjs');

const { describeSource } = jest.requireActual<{ describeSource(url: string | null): object }>(
  './lib/image-build.mjs',
);

const ROOT = join(__dirname, '..');
const read = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
const service = read('');
const packages = readdirSync(join(ROOT, 'published'))
  .filter((name) => existsSync(join(ROOT, 'published', name, 'package.json')))
  .map((name) => `published/${name}`);

describe('the metadata of packages', () => {
  it.each(['', ...packages])('is complete: %s', (folder) => {
    expect(read(folder)).toMatchObject({
      name: expect.stringMatching(/^(@countersign\/[a-z-]+|countersign)$/) as string,
      version: service.version,
      description: expect.stringMatching(/^.{20,140}[^.]$/) as string,
      keywords: expect.arrayContaining(['countersign']) as string[],
      license: 'Apache-2.0',
      engines: { node: expect.stringMatching(/20\.19/) as string },
    });
  });

  it.each(packages)('says what is in the package: %s', (folder) => {
    const { exports = {}, ...manifest } = read(folder);

    expect(manifest).toMatchObject({
      type: expect.stringMatching(/^(commonjs|module)$/) as string,
      sideEffects: false,
      files: ['dist', 'CHANGELOG.md'],
      publishConfig: { access: 'public' },
    });
    expect(exports).toMatchObject({
      '.': { types: expect.stringMatching(/\.d\.ts$/) as string },
      './package.json': './package.json',
    });
  });

  it.each([
    ['', {}, 'https://git.example.com/team/countersign#readme'],
    [
      'published/client',
      { directory: 'published/client' },
      'https://git.example.com/team/countersign/tree/main/published/client#readme',
    ],
  ])('names the repository where its address is known: %s', (folder, directory, homepage) => {
    const url = 'https://git.example.com/team/countersign';

    expect(completed(read(folder), folder, url)).toMatchObject({
      homepage,
      bugs: { url: `${url}/issues` },
      repository: { type: 'git', url: `git+${url}.git`, ...directory },
    });
    expect(completed(read(folder), folder, null)).not.toHaveProperty('repository');
  });

  it('names the repository of the image where its address is known', () => {
    const url = 'https://git.example.com/team/countersign';

    expect(describeSource(url)).toMatchObject({ source: url, version: service.version });
    expect(describeSource(null)).not.toHaveProperty('source');
  });
});
