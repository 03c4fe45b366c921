import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';

const ROOT = join(__dirname, '..');
const FILES =
  'scripts published docs deploy examples CHANGELOG.md README.md package.json package-lock.json'.split(' ');
const LIBS = ['client', 'fake-telegram', 'identity-token', 'verify', 'webhook-events'];
const NAMED = [
  ...['package.json', 'package-lock.json', 'CHANGELOG.md', 'deploy/helm/countersign/Chart.yaml'],
  ...[
    'README.md',
    'docs/pictures/badge-version.svg',
    'docs/debian.md',
    'docs/status.md',
    'docs/upgrading.md',
    'docs/openapi/public.json',
    'docs/openapi/admin.json',
  ],
  ...LIBS.flatMap((lib) => [`published/${lib}/package.json`, `published/${lib}/CHANGELOG.md`]),
];

let clone: string;

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'countersign-release-'));
  const files = execFileSync('git', ['ls-files', '-z', '--', ...FILES], { cwd: ROOT });
  const archive = execFileSync('tar', ['-c', '--null', '--files-from=-'], {
    cwd: ROOT,
    input: files,
    maxBuffer: 2 ** 28,
  });
  execFileSync('tar', ['-x'], { cwd: clone, input: archive });
  // The commits of earlier releases are not in this clone.
  writeFileSync(join(clone, 'docs/releases.md'), '# Releases\n\n## Commits\n');
  git('init', '--quiet');
  git('config', 'user.name', 'Ada');
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  writeFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');
  git('config', 'user.email', 'ada@example.com');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Copy');
});

afterAll(() => rmSync(clone, { recursive: true, force: true }));

describe('npm run release', () => {
  it('lists all files that name the version, then changes, commits and tags them', () => {
    const trial = release('9.8.7', '--dry-run');
    expect([trial.status, git('status', '--porcelain'), git('tag')]).toEqual([0, '', '']);
    expect(trial.stderr.split('\n')).toEqual(expect.arrayContaining(NAMED));

    expect(release('9.8.7').status).toBe(0);
    expect([git('status', '--porcelain'), git('tag')]).toEqual(['', 'v9.8.7']);
    const added = git('show', '--unified=0', '--format=', 'v9.8.7').match(/^\+[^+\n].*$/gm) ?? [];
    expect(added.filter((line) => !/9\.8\.7|^\+- No changes\.$/.test(line))).toEqual([]);
    expect(read('CHANGELOG.md')).toMatch(/\n\n## 9\.8\.7 - \d{4}-\d{2}-\d{2}\n\n/);
    expect(release('--check', 'v9.8.7').status).toBe(0);
    expect(release('--check', 'v9.8.8').status).toBe(1);
    const commit = git('rev-parse', 'v9.8.7');
    expect(git('log', '-2', '--format=%H %s')).toMatch(
      new RegExp(`^\\S+ Name the commit of 9\\.8\\.7\n${commit} Release 9\\.8\\.7$`),
    );
    expect(read('docs/releases.md')).toMatch(
      new RegExp(`\n## Commits\n\n- 9\\.8\\.7, \\d{4}-\\d{2}-\\d{2}: \`${commit}\`\n$`),
    );
  });

  it('compares the API with the last release, by its commit where there is no tag, and lets no patch version break it', () => {
    git('tag', '--delete', 'v9.8.7');
    expect(release('9.8.8', '--dry-run').status).toBe(0);
    git('rm', '--quiet', 'docs/openapi/xellar.json');
    git('commit', '--quiet', '--message', 'Remove an API');

    const patch = release('9.8.8');

    expect([patch.status, git('tag')]).toEqual([1, '']);
    expect(patch.stderr).toContain('A patch version may not break clients');
    expect(release('9.9.0', '--dry-run').status).toBe(0);
    git('tag', 'v9.8.7', 'HEAD~2');
  });

  it.each([[], ['huge'], ['1.2'], ['9.8.7']])('refuses %s', (...words: string[]) => {
    expect(release(...words).status).toBe(1);
  });
});

it('gives the identity of the workflow to the job that publishes, which runs no code of a package', () => {
  const workflow = readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8');
  const { jobs } = load(workflow) as {
    readonly jobs: Readonly<
      Record<string, { readonly permissions: object; readonly steps: readonly { run?: string }[] }>
    >;
  };
  const withIdentity = Object.entries(jobs).filter(([, { permissions }]) => 'id-token' in permissions);

  expect(withIdentity.map(([name]) => name)).toEqual(['publish']);
  expect(jobs['publish']?.steps.map(({ run }) => run).join('\n')).not.toMatch(
    /npm (?:ci|install|run)|install\.mjs|npx|node /,
  );
  expect(workflow.match(/uses: .*/g)?.filter((line) => !/@[0-9a-f]{40} # v/.test(line))).toEqual([]);
});

function release(...words: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, ['scripts/release.mjs', ...words], { cwd: clone, encoding: 'utf8' });
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: clone, encoding: 'utf8', maxBuffer: 2 ** 26 }).trim();
}

function read(file: string): string {
  return readFileSync(join(clone, file), 'utf8');
}
