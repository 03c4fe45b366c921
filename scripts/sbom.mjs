import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { npm } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { id, productionPackages } from './lib/production-packages.mjs';

/**
 * Writes an SBOM (CycloneDX) of the npm packages in the container image, from package-lock.json, without network.
 * npm's own `--omit dev` leaves out what is a development dependency of any package as well, Nest included: so npm
 * lists everything, and the lock says what stays.
 */

await main(async () => {
  const [file = 'sbom.cdx.json'] = process.argv.slice(2);
  const inImage = new Set(
    productionPackages()
      .filter(({ isOptional }) => !isOptional)
      .map(id),
  );
  const sbom = JSON.parse(listAll());
  const root = sbom.metadata.component;
  // npm takes the folder's name.
  root.name = root.purl.slice('pkg:npm/'.length, root.purl.lastIndexOf('@'));
  root.type = 'application';
  sbom.components = sbom.components.filter((component) => inImage.has(id(component)));
  const refs = new Set([root['bom-ref'], ...sbom.components.map((component) => component['bom-ref'])]);
  sbom.dependencies = sbom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));

  const listed = new Set(sbom.components.map(id));
  const missing = [...inImage].filter((each) => !listed.has(each));
  if (missing.length > 0) throw new Sentence(`npm's SBOM lacks ${missing.join(', ')}.`);
  writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
  say(`${file} names ${listed.size} packages.`);
});

function listAll() {
  const [command, ...first] = npm();
  const args = [
    ...first,
    'sbom',
    '--sbom-format=cyclonedx',
    '--package-lock-only',
    '--offline',
    '--loglevel=error',
  ];
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: inClone(),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Sentence(`"npm sbom" fails:\n${stderr}`);
  return stdout;
}
