import 'reflect-metadata';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readConfiguration } from '@countersign/config';
import { generateKeyRing } from '@countersign/crypto';
import { createLogger } from '@countersign/observability';
import { AppModule } from '../app.module';
import { createAdapter } from '../http/server/adapter';
import { configurationPage } from './pages/configuration-page';
import { adminDocument, gatewayDocument, metaproDocument, publicDocument, xellarDocument } from './documents';
import { errorList } from './pages/error-list';
import { eventSchemas, eventsPage } from './pages/events-page';
import { teamRolesPage } from './pages/team-roles-page';

export interface GeneratedDocument {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Whether each file was up to date. */
interface DocumentState {
  readonly path: string;
  readonly isCurrent: boolean;
}

const json = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;

/** The last line by hand of a page whose end is generated. */
const GENERATED =
  '<!-- What follows is generated from the code (`apps/api/src/openapi/write-documents.ts`): do not edit it. -->\n';

async function endOf(path: string, generated: string): Promise<GeneratedDocument> {
  const [byHand = ''] = (await readFile(path, 'utf8')).split(GENERATED);
  return { path, text: `${byHand}${GENERATED}\n${generated}` };
}

/** The documents that are committed, in the root of the repository. Needs no database: Nest's preview mode instantiates no providers. */
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

/** Compares the files below `root` with the documents, and writes those that differ unless `isCheck`. */
export async function writeDocuments(
  documents: readonly GeneratedDocument[],
  root: string,
  isCheck: boolean,
): Promise<readonly DocumentState[]> {
  const states: DocumentState[] = [];
  for (const { path, text } of documents) {
    const file = join(root, path);
    const isCurrent = (await readFile(file, 'utf8').catch(() => '')) === text;
    if (!isCurrent && !isCheck) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    states.push({ path, isCurrent });
  }
  return states;
}

/** `node dist/apps/api/src/openapi/write-documents.js [--check]`, in the root of the repository. */
async function main(): Promise<void> {
  const isCheck = process.argv.includes('--check');
  const states = await writeDocuments(await generateDocuments(), process.cwd(), isCheck);
  for (const { path, isCurrent } of states)
    process.stdout.write(`${path}: ${isCurrent ? 'as it was' : isCheck ? 'differs' : 'written'}\n`);
  if (!isCheck || states.every(({ isCurrent }) => isCurrent)) return;
  process.stderr.write(
    'The documents do not match the code: build, then run write-documents without --check.\n',
  );
  process.exitCode = 1;
}

if (require.main === module)
  main().catch((error: unknown) => {
    process.stderr.write(`The documents cannot be made: ${String(error)}\n`);
    process.exitCode = 1;
  });
