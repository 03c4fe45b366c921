import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Anchors, ExportLine, PublicAuditKey } from '@countersign/audit';
import { answerOfVerdict } from '../audit-verdict';
import { chooseIfGiven, ifGiven, instant, limitOf, uuid, type Call } from '../call';
import { command, group, type Answer, type Libs, type Takes } from '../declaration';
import { UsageError } from '../errors';
import { limit } from '../options';
import { assignments } from '../output';

type Audit = Libs['audit'];

const range: Takes = {
  '--from <instant>': 'only records at this instant or later',
  '--before <instant>': 'only records before this instant',
};

export const audit = group('audit', 'the audit trail', {
  list: command('list records, newest first', {
    ...range,
    '--action <action>': 'only this action, such as principal.created',
    '--actor <actor>': 'only what this actor did, as records name it',
    '--subject <subject>': 'only what was done to this subject, as records name it',
    '--user <userId>': 'only records of this person',
    '--application <applicationId>': 'only records of this application',
    ...limit,
  }).list({
    read: async (call, app, { admin, audit: { auditActions, AuditReader } }) => {
      const filter = {
        ...rangeOf(call),
        action: chooseIfGiven(call, 'action', auditActions),
        actor: call.optional('actor'),
        subject: call.optional('subject'),
        userId: ifGiven(call, 'user', uuid),
        applicationId: ifGiven(call, 'application', uuid),
      };
      const found = await app.get(AuditReader).list(filter, limitOf(call));
      return found.map((record) => admin.AuditRecordResponse.of(record));
    },
    columns: {
      'occurred at': 'occurredAt',
      action: 'action',
      actor: 'actor',
      subject: ({ subject }) => subject ?? '',
      application: ({ applicationId }) => applicationId ?? '',
      details: ({ details }) => assignments(details),
    },
  }),
  // It writes as it reads: the trail may be larger than the memory.
  export: command('print all records, oldest first, one JSON object per line, with --json and without', {
    '--proofs': 'with codes, blocks and lists of records: what audit verify --from-file reads',
    ...range,
  }).act(async (call, app, { admin, audit: { AuditExport, AuditReader } }) => {
    const { AuditRecordResponse } = admin;
    const withProof = (line: ExportLine): object => {
      if (!('record' in line)) return line;
      const { macKeyId, mac } = line.record;
      return { ...AuditRecordResponse.of(line.record), macKeyId, mac: mac?.toString('base64url') ?? null };
    };
    if (call.has('proofs')) await writeLines(call, app.get(AuditExport).lines(rangeOf(call)), withProof);
    else
      await writeLines(call, app.get(AuditReader).export(rangeOf(call)), (record) =>
        AuditRecordResponse.of(record),
      );
    return { json: [], text: '' };
  }),
  verify: command(
    'check records and blocks, and name the first that is wrong; exit code 3 when there is one',
    {
      '--from-file <file>': 'an export with --proofs instead of the database; needs --public-key',
      '--public-key <file>': 'trust these keys alone (PEM), instead of what the key ring opens',
      '--anchors <file>': 'blocks as they were announced: lines of standard output, or of audit blocks',
    },
  ).plain((call, connect) =>
    call.has('from-file')
      ? verifyFile(call)
      : connect(async (_call, app, { audit: lib }) => {
          const publicKeys = await publicKeysOf(call, lib);
          const anchors = await anchorsOf(call, lib);
          const verifier = app.get(lib.AuditVerifier);
          const last = await verifier.last();
          const verdict = await verifier.verify({ anchors, ...(publicKeys && { publicKeys }) });
          return answerOfVerdict(verdict, lib.auditProblems, last);
        }),
  ),
  blocks: command('list the blocks that seal the trail, newest first', limit).list({
    read: async (call, app, { audit: { AuditSeals, toLine } }) =>
      (await app.get(AuditSeals).list(null, limitOf(call))).map(toLine),
    columns: {
      block: 'number',
      day: ({ day }) => day ?? 'new key',
      records: 'count',
      'sealed at': 'sealedAt',
      key: 'keyId',
      hash: 'hash',
    },
  }),
  'public-key': command('print the public key that blocks are signed for, in PEM').act(
    async (_call, app, { audit: { AuditSeals, toPem } }) => {
      const key = await app.get(AuditSeals).publicKey();
      const pem = toPem(key.publicKey);
      return { json: { keyId: key.keyId, algorithm: 'Ed25519', publicKey: pem }, text: pem.trim() };
    },
  ),
  'rotate-key': command('replace the key that signs blocks, by a block that the old one signs', {
    '--lost': 'the old key is lost: the new one introduces itself, and has to be given to verifiers',
  }).act(async (call, app, { audit: { AuditSeals, toLine } }) => {
    const block = toLine(await app.get(AuditSeals).rotateKey(call.has('lost')));
    const text = `Key ${block.newKey?.keyId ?? ''} signs from now on; block ${block.number} introduces it`;
    return { json: block, text };
  }),
});

async function writeLines<T>(
  { terminal }: Call,
  batches: AsyncIterable<readonly T[]>,
  toJson: (one: T) => object,
): Promise<void> {
  for await (const batch of batches) {
    terminal.write(batch.map((one) => `${JSON.stringify(toJson(one))}\n`).join(''));
    if ((await terminal.drained?.()) === false) break;
  }
}

/** Without the database and the key ring. */
async function verifyFile(call: Call): Promise<Answer> {
  const lib = await import('../lazy/audit.js');
  const publicKeys = await publicKeysOf(call, lib);
  if (!publicKeys) throw new UsageError('--public-key is missing.');
  const anchors = await anchorsOf(call, lib);
  const input = createReadStream(call.required('from-file'), 'utf8');
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  // An error of the file is not one of the lines: without this they would just end.
  const failed = new Promise<never>((_resolve, reject) => input.once('error', reject));
  const verdict = await Promise.race([lib.verifyExport(lines, publicKeys, anchors), failed]);
  return answerOfVerdict(verdict, lib.auditProblems);
}

async function publicKeysOf(
  call: Call,
  { readPublicKeys }: Audit,
): Promise<readonly PublicAuditKey[] | null> {
  const file = call.optional('public-key');
  if (file === undefined) return null;
  const text = await readFile(file, 'utf8');
  try {
    return readPublicKeys(text);
  } catch {
    throw new UsageError('--public-key must name a file with one or more public keys of Ed25519 in PEM.');
  }
}

async function anchorsOf(call: Call, { readAnchors }: Audit): Promise<Anchors> {
  const file = call.optional('anchors');
  if (file === undefined) return new Map();
  const anchors = readAnchors(await readFile(file, 'utf8'));
  if (anchors.size === 0) throw new UsageError('--anchors must name a file with blocks, one on a line.');
  return anchors;
}

function rangeOf(call: Call): { readonly from: Date | undefined; readonly before: Date | undefined } {
  return { from: ifGiven(call, 'from', instant), before: ifGiven(call, 'before', instant) };
}
