import './lib/node-version.mjs';
import { mkdirSync } from 'node:fs';
import { Buildah } from './lib/buildah.mjs';
import { baseName, buildImage, describeSource, writeImage } from './lib/image-build.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

/**
 * `npm run build:image -- FOLDER` builds the image with buildah, and writes it as an OCI archive into the folder, with the SBOM of its
 * packages, its digest and its provenance. It pushes nothing.
 */

await main(async () => {
  const [folder, ...more] = process.argv.slice(2);
  if (folder === undefined || more.length > 0) throw new Sentence('npm run build:image -- FOLDER');
  requirePrograms('Building the image', ['buildah']);
  const buildah = new Buildah();
  const source = describeSource();
  const name = `localhost/countersign:${source.version}`;
  mkdirSync(folder, { recursive: true });
  buildImage(buildah, name, source, ['--format=oci', '--pull-always']);
  const { digest, files } = writeImage(buildah, { name, base: baseName(), folder, source });
  say(`${digest}\n${files.join('\n')}`);
});
