import {
  extendKeyRing,
  generateKeyRing,
  KEY_PURPOSES,
  type KeyPurpose,
  type KeyRingDocument,
} from '@countersign/crypto';
import { pickAt } from './random';
import type { Replica } from './replica';
import type { Stage } from './stage';
import type { Difference } from './tables';

const COLUMNS = `
  SELECT c.table_name AS "table", c.column_name AS "column" FROM information_schema.columns c
  JOIN information_schema.tables t USING (table_schema, table_name)
  WHERE c.table_schema = 'public' AND c.data_type = 'text' AND t.table_type = 'BASE TABLE'
    AND c.table_name !~ '^(audit_|key_checks)' ORDER BY 1, 2`;

/** The key ring as operators rotate it: one key of one purpose after the other, and one replica before the other. */
export class Ring {
  private document = generateKeyRing();
  private readonly known: KeyRingDocument[] = [];
  private rotated: { readonly purpose: KeyPurpose; done: number } | null = null;

  get text(): string {
    return JSON.stringify(this.document);
  }

  /** After a restored backup the ring has all keys again, behind the present ones. */
  widen(): void {
    for (const purpose of KEY_PURPOSES)
      for (const key of this.known.flatMap((earlier) => earlier[purpose]))
        if (!this.document[purpose].some(({ id }) => id === key.id))
          this.change(purpose, [...this.document[purpose], key]);
    this.rotated = null;
  }

  /** The next step of a rotation. @returns its name, and what is wrong; null where it has to wait */
  async rotate(stage: Stage, replica: Replica, choice: number) {
    this.rotated ??= { purpose: pickAt(KEY_PURPOSES, choice), done: 0 };
    const { purpose, done } = this.rotated;
    if (done === 3 && stage.isLedgerAway) return null;
    const differences = await this.steps[done]?.(stage, replica, purpose, choice < 0.6);
    // After a fault the step is repeated.
    if (differences?.length === 0) this.rotated.done += 1;
    // Tokens of sessions name a former key until they are replaced.
    const isEnd = this.rotated.done === (purpose === 'token' ? 4 : 5);
    if (isEnd) this.rotated = null;
    return { name: `ring: ${differences ? NAMES[done] : 'values are left'}`, differences: differences ?? [] };
  }

  private readonly steps: readonly ((
    stage: Stage,
    replica: Replica,
    purpose: KeyPurpose,
    isSigned: boolean,
  ) => Promise<readonly Difference[] | null>)[] = [
    async (stage, _, purpose) => {
      this.known.push(this.document);
      this.document = extendKeyRing(this.document, purpose).document;
      return this.give(stage.replicas);
    },
    async (_, replica, purpose) => {
      const keys = this.document[purpose];
      this.change(purpose, [...keys.slice(-1), ...keys.slice(0, -1)]);
      return this.give([replica]);
    },
    async (stage) => this.give(stage.replicas),
    async (stage, replica, purpose, isSigned) => {
      // Otherwise the tail of the audit trail is still signed under the former key.
      const signing = replica.jobs.find(({ name }) => name === 'audit-sign');
      if (isSigned) await signing?.run().catch(() => undefined);
      const left = await replica.rewrap();
      if (left === null || (purpose === 'index' && left.includes('audit_blocks'))) return null;
      const former = this.document[purpose].slice(1).map(({ id }) => id);
      const under = await this.columnsUnder(stage, purpose === 'token' ? [] : former);
      const found = [...under, ...left.filter((work) => work !== 'audit_blocks')];
      const what = `values under a former ${purpose} key`;
      return found.map((each) => ({ invariant: 'ring', what, expected: 'none', found: each }));
    },
    async (stage, _, purpose) => {
      this.change(purpose, this.document[purpose].slice(0, 1));
      return this.give(stage.replicas);
    },
  ];

  private change(purpose: KeyPurpose, keys: KeyRingDocument[KeyPurpose]): void {
    this.document = { ...this.document, [purpose]: keys };
  }

  private async give(replicas: readonly Replica[]): Promise<readonly Difference[]> {
    const differences: Difference[] = [];
    for (const replica of replicas)
      await replica.useRing(this.text).catch((error: unknown) => {
        const what = 'a replica that gets the ring';
        differences.push({ invariant: 'ring', what, expected: 'it takes it', found: String(error) });
      });
    return differences;
  }

  private async columnsUnder(stage: Stage, ids: readonly string[]): Promise<readonly string[]> {
    const columns = await stage.query<{ table: string; column: string }>(COLUMNS);
    const texts = columns.map(
      ({ table, column }) =>
        `SELECT '${table}.${column}' AS place FROM "${table}" WHERE "${column}" = ANY($1) OR split_part("${column}", ':', 2) = ANY($1)`,
    );
    const tail = `
      SELECT 'the tail of audit_blocks' FROM (SELECT key_id FROM audit_blocks ORDER BY number DESC LIMIT 1) AS last
      WHERE key_id = ANY($1)`;
    const found = await stage.query<{ place: string }>([...texts, tail].join(' UNION '), [ids]);
    return found.map(({ place }) => place);
  }
}

const NAMES = [
  'a key is added',
  'the key is first at one replica',
  'the key is first everywhere',
  'values are sealed again',
  'the former key leaves',
];
