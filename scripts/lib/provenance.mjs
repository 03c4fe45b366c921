/**
 * The statement of how an image was built, for `cosign attest`: in-toto Statement v1 (https://in-toto.io/Statement/v1) with
 * SLSA provenance v1 (https://slsa.dev/spec/v1.0/provenance). It is not signed.
 *
 * @param {object} of
 * @param {string} of.digest of the image's manifest, `sha256:...`
 * @param {{ version: string, revision: string, created: string, source?: string }} of.source
 * @param {{ name: string, digest: string }} of.base
 * @param {string} of.lock SHA-256 of package-lock.json, which has the hash of every package
 * @param {Record<string, string | undefined>} of.environment that of a workflow, if one builds
 */
export function provenanceOf({ digest, source, base, lock, environment }) {
  const repository = source.source ? `git+${source.source}` : 'git+file:countersign';
  const workflow = environment.GITHUB_WORKFLOW_REF;
  const invocation = environment.GITHUB_RUN_ID;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'countersign', digest: { sha256: hashOf(digest) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${repository}/deploy/Dockerfile@v1`,
        externalParameters: { dockerfile: 'deploy/Dockerfile', version: source.version },
        resolvedDependencies: [
          { uri: `${repository}@v${source.version}`, digest: { gitCommit: source.revision } },
          { uri: `pkg:docker/${base.name.replace(':', '@')}`, digest: { sha256: hashOf(base.digest) } },
          { uri: 'package-lock.json', digest: { sha256: lock } },
        ],
      },
      runDetails: {
        builder: { id: workflow ? `${environment.GITHUB_SERVER_URL}/${workflow}` : 'local' },
        ...(invocation ? { metadata: { invocationId: `${source.source}/actions/runs/${invocation}` } } : {}),
      },
    },
  };
}

function hashOf(digest) {
  const [, hash] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
  if (hash === undefined) throw new Error(`"${digest}" is no SHA-256 digest.`);
  return hash;
}
