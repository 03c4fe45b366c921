import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { npm } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { id, productionPackages } from './lib/production-packages.mjs';

/**
 * Writes an SBOM (CycloneDX) of the npm packages in the container image, or in the published package, which leaves out those
 * that follow the file, from package-lock.json, without network.
 * npm's own `--omit dev` leaves out what is a development dependency of any package as well, Nest included: so npm
 * lists everything, and the lock says what stays.
 */

const WORDS = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--offline', '--loglevel=error'];

await main(async () => {
  const [file = 'sbom.cdx.json', ...leftOut] = process.argv.slice(2);
  const wanted = productionPackages().filter(
    ({ name, isOptional }) => !isOptional && !leftOut.includes(name),
  );
  const shipped = new Set(wanted.map(id));
  const [command, ...first] = npm();
  const sbom = JSON.parse(
    execFileSync(command, [...first, ...WORDS], { cwd: inClone(), maxBuffer: 2 ** 28 }),
  );
  const root = sbom.metadata.component;
  // npm takes the folder's name.
  root.name = root.purl.slice('pkg:npm/'.length, root.purl.lastIndexOf('@'));
  root.type = 'application';
  sbom.components = sbom.components.filter((component) => shipped.has(id(component)));
  const refs = new Set([root['bom-ref'], ...sbom.components.map((component) => component['bom-ref'])]);
  sbom.dependencies = sbom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  const listed = new Set(sbom.components.map(id));
  if (listed.size < shipped.size)
    throw new Sentence(`npm's SBOM has ${listed.size} of ${shipped.size} packages.`);
  writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
  say(`${file} names ${listed.size} packages.`);
});
