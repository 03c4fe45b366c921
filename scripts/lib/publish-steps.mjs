import { isAbsolute } from 'node:path';

/**
 * The commands that publish a release. The workflow runs them, and a dry run of `npm run release` prints them.
 *
 * @param {object} of
 * @param {string} of.version
 * @param {string} of.folder where the files are
 * @param {string} of.digest of the image
 * @param {string[]} of.packages archives of npm packages in the folder
 * @param {string} [of.imageRegistry] such as ghcr.io/example
 * @param {string} [of.packageRegistry] such as https://registry.npmjs.org/
 * @returns {{ name: string, words: string[], isDry: boolean, archive?: string }[]} `isDry`: no registry is named, so the step is printed only
 */
export function publishSteps({ version, folder, digest, packages, imageRegistry, packageRegistry }) {
  const file = (end) => `${folder}/countersign-${version}.${end}`;
  const repository = `${imageRegistry || '$IMAGE_REGISTRY'}/countersign`;
  const image = `${repository}@${digest}`;
  const attest = ['cosign', 'attest', '--yes'];
  const ofImage = [
    [
      'push the image',
      [
        ...['skopeo', 'copy', '--preserve-digests', `oci-archive:${file('oci.tar')}:${version}`],
        `docker://${repository}:${version}`,
      ],
    ],
    ['sign the image', ['cosign', 'sign', '--yes', image]],
    [
      'attest its provenance',
      [...attest, '--type=slsaprovenance1', `--predicate=${file('predicate.json')}`, image],
    ],
    ['attest its SBOM', [...attest, '--type=cyclonedx', `--predicate=${file('cdx.json')}`, image]],
  ];
  const npm = [
    '--access=public',
    '--provenance',
    '--ignore-scripts',
    `--registry=${packageRegistry || '$PACKAGE_REGISTRY'}`,
  ];
  return [
    ...ofImage.map(([name, words]) => ({ name, words, isDry: !imageRegistry })),
    ...packages.map((archive) => ({
      name: `publish ${archive}, with its provenance`,
      words: ['npm', 'publish', fileOf(folder, archive), ...npm],
      isDry: !packageRegistry,
      archive,
    })),
  ];
}

/** npm takes a relative path without `./` for the name of a repository. */
function fileOf(folder, archive) {
  return isAbsolute(folder) ? `${folder}/${archive}` : `./${folder}/${archive}`;
}

/** @param {ReturnType<typeof publishSteps>[number]} step */
export function lineOf({ name, words, isDry }) {
  return `${isDry ? 'dry run: ' : ''}${name}\n    ${words.join(' ')}`;
}
