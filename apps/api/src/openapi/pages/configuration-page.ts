import { consentVariables, custodyVariables, environmentList } from '@countersign/config';

const INTRODUCTION = `# Configuration

Environment variables, with their defaults, read once, at boot. An empty one counts as absent. The boot is refused with a
list of all that are missing or not valid.

Of two names, the second names a file that holds the value, such as a secret of Docker or Kubernetes. A
line break at its end does not count. Setting both is refused.

This page is generated from the code (\`apps/api/src/openapi/write-documents.ts\`): do not edit it.
`;

const CUSTODY = `
## The custody process

It reads these and no others, and no other process reads its database and its keys ([security.md](security.md#the-custody-process)).

`;

const CONSENT = `
## The consent page

It reads these and no others, and no secret.

`;

const MORE = `
One more is read by \`npm start\` and by \`npx countersign\`, not by the service: \`COUNTERSIGN_DATA_DIR\` names the folder for
the private database, the made-up keys and the demo. It counts in development only.

\`countersign\` reads these, beside the variables of the service for the commands that work on the database:

- \`COUNTERSIGN_ADMIN_URL\` (\`http://127.0.0.1:3002\`): where the administration API is; with \`ADMIN_PORT\` alone that port of this machine
- \`COUNTERSIGN_PRINCIPAL\`, \`COUNTERSIGN_PRINCIPAL_FILE\`: \`<principalId>:<secret>\`, as \`countersign principal create\` prints them. In development \`npm start\` gives it and the address to \`npx countersign\`
`;

/** docs/configuration.md. */
export function configurationPage(): string {
  const lists = [environmentList(), environmentList(custodyVariables), environmentList(consentVariables)];
  return `${INTRODUCTION}\n${lists[0]}${CUSTODY}${lists[1]}${CONSENT}${lists[2]}${MORE}`;
}
