import { readFileSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/** Every direct dependency is pinned and has its reason in docs/dependencies.md, and nothing else is listed there. */

const PAGE = 'docs/dependencies.md';
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

await main(async () => {
  const manifest = JSON.parse(read('package.json'));
  const kinds = ['dependencies', 'optionalDependencies', 'devDependencies', 'overrides'];
  const direct = kinds.flatMap((kind) =>
    // An override of what one package wants, by our own version of it, pins nothing itself.
    Object.entries(manifest[kind] ?? {}).filter(([, version]) => typeof version === 'string'),
  );
  const listed = [...read(PAGE).matchAll(/^- ((?:`[^`]+`(?:, )?)+):/gm)].flatMap(([, names]) =>
    names.match(/[^`, ]+/g),
  );
  const names = direct.map(([name]) => name);
  const problems = [
    ...direct
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `${name} is not pinned exactly (${version}).`),
    ...names.filter((name) => !listed.includes(name)).map((name) => `${name} has no line in ${PAGE}.`),
    ...listed.filter((name) => !names.includes(name)).map((name) => `${PAGE} lists ${name}: it is gone.`),
    ...(read('package-lock.json').includes('"resolved": "http')
      ? ['package-lock.json names a registry: install with the .npmrc of this repository.']
      : []),
  ];
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
});

function read(file) {
  return readFileSync(inClone(file), 'utf8');
}
