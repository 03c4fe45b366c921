/**
 * How an image was built, for `cosign attest`: the predicate of SLSA provenance v1 (https://slsa.dev/spec/v1.0/provenance).
 *
 * @param {object} of
 * @param {{ version: string, revision: string, source?: string }} of.source
 * @param {{ name: string, digest: string }} of.base with `sha256:...`
 * @param {string} of.lock SHA-256 of package-lock.json, which has the hash of every package
 */
export function provenanceOf({ source: { version, revision, source }, base, lock }) {
  const { GITHUB_SERVER_URL: host, GITHUB_WORKFLOW_REF: workflow, GITHUB_RUN_ID: run } = process.env;
  const repository = source ? `git+${source}` : 'git+file:countersign';
  return {
    buildDefinition: {
      buildType: `${repository}/deploy/Dockerfile@v1`,
      externalParameters: { dockerfile: 'deploy/Dockerfile', version },
      resolvedDependencies: [
        { uri: `${repository}@v${version}`, digest: { gitCommit: revision } },
        {
          uri: `pkg:docker/${base.name.replace(':', '@')}`,
          digest: { sha256: base.digest.replace('sha256:', '') },
        },
        { uri: 'package-lock.json', digest: { sha256: lock } },
      ],
    },
    runDetails: {
      builder: { id: workflow ? `${host}/${workflow}` : 'local' },
      ...(run && { metadata: { invocationId: `${source}/actions/runs/${run}` } }),
    },
  };
}
