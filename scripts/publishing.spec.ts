import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const { assertPublishable, publishAsTrial } = jest.requireActual<{
  assertPublishable(folder: string): void;
  publishAsTrial(folder: string, archive: string): void;
}>('./lib/publishing.mjs');

const ROOT = join(__dirname, '..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const MANIFEST = {
  name: '@countersign/toy',
  version,
  license: 'Apache-2.0',
  description: 'A toy',
  keywords: ['toy'],
  engines: { node: '>=20.19' },
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  publishConfig: { access: 'public' },
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-publishing-'));
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  write('package.json', JSON.stringify(MANIFEST));
  write('README.md', '# Toy\n');
  write('CHANGELOG.md', '# Changes\n\n## Unreleased\n\n- It exists.\n');
  write('dist/index.js', 'export const toy = 1;\n');
  write('dist/index.d.ts', 'export declare const toy: 1;\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a package that is published', () => {
  it('is complete', () => {
    expect(() => assertPublishable(folder)).not.toThrow();
  });

  it.each(['LICENSE', 'README.md', 'CHANGELOG.md', 'dist/index.js', 'dist/index.d.ts'])('has %s', (file) => {
    rmSync(join(folder, file));

    expect(() => assertPublishable(folder)).toThrow(file);
  });

  it.each([
    ['another version', { version: '99.0.0' }, 'its version is 99.0.0'],
    ['another licence', { license: 'MIT' }, 'its licence is MIT'],
    ['no public access', { publishConfig: {} }, 'does not make it public'],
    ['a private manifest', { private: true }, 'does not make it public'],
    ['no exports', { exports: {} }, 'no exports'],
    ['no description', { description: '' }, 'no description'],
    ['no keywords', { keywords: [] }, 'no keywords'],
    ['no engines', { engines: undefined }, 'no engines'],
    ['a program that is absent', { bin: { toy: 'bin/toy' } }, 'bin/toy'],
    ['an export without types', { exports: { '.': { default: './dist/index.js' } } }, '"." (types)'],
  ])('is refused with %s', (_, change, message) => {
    write('package.json', JSON.stringify({ ...MANIFEST, ...change }));

    expect(() => assertPublishable(folder)).toThrow(message);
  });

  it.each([
    ['nothing in its section', '## Unreleased\n', 'no section that says what changes'],
    ['the section of another version first', '## 98.0.0 - 2026-01-31\n\n- It grew.\n', 'is 98.0.0'],
  ])('is refused with %s of the changelog', (_, section, message) => {
    write('CHANGELOG.md', `# Changes\n\n${section}`);

    expect(() => assertPublishable(folder)).toThrow(message);
  });

  it('is refused with another text as its licence', () => {
    write('LICENSE', 'All rights reserved.\n');

    expect(() => assertPublishable(folder)).toThrow('LICENSE is another text');
  });

  it('is refused when npm would correct its manifest', () => {
    write('package.json', JSON.stringify({ ...MANIFEST, bin: 'dist/toy.js' }));

    expect(() => publishAsTrial(folder, '.')).toThrow('auto-corrected');
  });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}
