import { readFileSync } from 'node:fs';
import { join } from 'node:path';

function read(path: string): string {
  return readFileSync(join(__dirname, '..', path), 'utf8');
}

/** The versions for a platform, from the oldest. */
function versionsFor(platform: string): string[] {
  const { optionalDependencies } = JSON.parse(read('test/nodes/package.json')) as {
    optionalDependencies: Record<string, string>;
  };
  return Object.entries(optionalDependencies)
    .filter(([name]) => name.endsWith(platform))
    .map(([, alias]) => alias.split('@').at(-1) ?? '')
    .sort();
}

describe('the versions of Node that are tested', () => {
  it('begin with the oldest that the package permits', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };

    expect(engines.node).toMatch(`^${versionsFor('linux-x64')[0]} ||`);
  });

  it('end with the line of the image', () => {
    const lines = [...read('deploy/Dockerfile').matchAll(/^FROM node:(\d+)-/gm)].map(([, line]) => line);

    expect(new Set(lines)).toEqual(new Set([versionsFor('linux-x64').at(-1)?.split('.')[0]]));
  });

  it('are of the same lines on both architectures', () => {
    const linesOf = (platform: string): string[] =>
      versionsFor(platform).map((version) => version.split('.', 1).join());

    expect(linesOf('linux-arm64')).toEqual(linesOf('linux-x64'));
  });
});
