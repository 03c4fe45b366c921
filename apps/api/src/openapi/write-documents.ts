import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  consentVariables,
  createLogger,
  custodyVariables,
  environmentList,
  readConfiguration,
} from '@countersign/runtime';
import { generateKeyRing } from '@countersign/crypto';
import { AppModule } from '../app.module';
import { createAdapter } from '../http/server/adapter';
import { adminDocument, gatewayDocument, metaproDocument, publicDocument, xellarDocument } from './documents';
import { errorList } from './pages/error-list';
import { eventSchemas, eventsPage } from './pages/events-page';
import { hasPermission, type TeamPermission, teamPermissions, teamRoles } from '@countersign/teams';
import { table } from './pages/table';

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
One more is read by \`npm start\` and by \`npx countersign\`, not by the service: \`COUNTERSIGN_DATA_DIR\`, or the option
\`--data-dir\`, names the folder for the private database, the made-up keys and the demo. It counts in development only.
Without it \`npm start\` makes the folder, and records it in \`~/.config/countersign/data-folders\`. No command uses a folder
that is neither named nor recorded there: another person can have put a database, keys and addresses into it.

SIGHUP ends \`npm start\`, as Ctrl-C does. To have it read changed files, start it again.

\`countersign\` reads these, beside the variables of the service for the commands that work on the database:

- \`COUNTERSIGN_ADMIN_URL\` (\`http://127.0.0.1:3002\`): where the administration API is; with \`ADMIN_PORT\` alone that port of this machine
- \`COUNTERSIGN_PRINCIPAL\`, \`COUNTERSIGN_PRINCIPAL_FILE\`: \`<principalId>:<secret>\`, as \`countersign principal create\` prints them. In development \`npm start\` gives it and the address to \`npx countersign\`
`;

function configurationPage(): string {
  const lists = [environmentList(), environmentList(custodyVariables), environmentList(consentVariables)];
  return `${INTRODUCTION}\n${lists[0]}${CUSTODY}${lists[1]}${CONSENT}${lists[2]}${MORE}`;
}

/** The generated end of docs/team-roles.md. */
function teamRolesPage(): string {
  return table(
    ['permission', ...teamRoles, 'everyone', 'client secret', 'what it is'],
    Object.values(teamPermissions).map((permission) => [`\`${permission.name}\``, ...cellsOf(permission)]),
  );
}

function cellsOf(permission: TeamPermission): readonly string[] {
  const { meaning, byClients } = permission;
  const yes = (may: boolean): string => (may ? 'yes' : '');
  return [
    ...teamRoles.map((role) => yes(hasPermission(role, permission))),
    yes(hasPermission(null, permission)),
    yes(byClients === true),
    meaning,
  ];
}

export interface GeneratedDocument {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

const json = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;

/** The last line of a page before its generated end. */
const GENERATED =
  '<!-- What follows is generated from the code (`apps/api/src/openapi/write-documents.ts`): do not edit it. -->\n';

async function endOf(path: string, generated: string): Promise<GeneratedDocument> {
  const [byHand = ''] = (await readFile(path, 'utf8')).split(GENERATED);
  return { path, text: `${byHand}${GENERATED}\n${generated}` };
}

/** Generates the committed documents. It runs in the root of the repository. Preview mode of Nest needs no database. */
export async function generateDocuments(): Promise<readonly GeneratedDocument[]> {
  const configuration = readConfiguration({
    NODE_ENV: 'test',
    DATABASE_URL: 'postgresql://nowhere',
    KEYS: JSON.stringify(generateKeyRing()),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    await AppModule.of(configuration, createLogger('silent')),
    createAdapter(configuration),
    { preview: true, logger: false, abortOnError: false },
  );
  return [
    { path: 'docs/openapi/public.json', text: json(publicDocument(app)) },
    { path: 'docs/openapi/gateway.json', text: json(gatewayDocument(app)) },
    { path: 'docs/openapi/admin.json', text: json(adminDocument(app)) },
    { path: 'docs/openapi/metapro.json', text: json(metaproDocument(app)) },
    { path: 'docs/openapi/xellar.json', text: json(xellarDocument(app)) },
    { path: 'docs/errors.md', text: errorList() },
    { path: 'docs/configuration.md', text: configurationPage() },
    await endOf('docs/events.md', eventsPage()),
    { path: 'docs/events.schema.json', text: json(eventSchemas()) },
    await endOf('docs/team-roles.md', teamRolesPage()),
  ];
}

/** Call: `node dist/apps/api/src/openapi/write-documents.js [--check]`, in the root of the repository. */
async function main(): Promise<void> {
  const isCheck = process.argv.includes('--check');
  for (const { path, text } of await generateDocuments()) {
    const isCurrent = (await readFile(path, 'utf8').catch(() => '')) === text;
    if (!isCurrent && !isCheck) await writeFile(path, text);
    process.stdout.write(`${path}: ${isCurrent ? 'as it was' : isCheck ? 'differs' : 'written'}\n`);
    if (!isCurrent && isCheck) process.exitCode = 1;
  }
}

if (require.main === module)
  main().catch((error: unknown) => {
    process.stderr.write(`The documents cannot be made: ${String(error)}\n`);
    process.exitCode = 1;
  });
