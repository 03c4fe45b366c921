/** Keys that end too early, ledgers that forget, and seals that take in too little or too much. */

const retirement = ['test/integration/keys-retirement.integration-spec.ts'];
const rotation = {
  file: 'libs/platform/keys/src/key-rotation.service.ts',
  specs: retirement,
};
const kms = ['test/integration/keys-kms.integration-spec.ts'];
const vault = { file: 'libs/platform/config/src/vault-transit.ts', specs: kms };
const rotating = ['test/nightly/keys-rotation.nightly-spec.ts'];
const rewrapping = { file: 'libs/platform/keys/src/rewrapping.ts', specs: rotating };
const ledgers = ['test/integration/ledgers.integration-spec.ts'];
const file = { file: 'libs/platform/ledger/src/file-ledger.ts', specs: ledgers };
const postgres = { file: 'libs/platform/ledger/src/postgres-ledger.repository.ts', specs: ledgers };
const sealing = ['test/integration/audit-sealing.integration-spec.ts'];
const exported = {
  file: 'libs/platform/audit/src/verification/verify-export.ts',
  specs: ['test/integration/audit-exports.integration-spec.ts'],
};
const nightly = {
  file: 'libs/platform/audit/src/verification/audit-verification.ts',
  specs: ['test/integration/audit-seals.integration-spec.ts'],
};
const refusals = {
  file: 'libs/platform/audit/src/refusals/refusal-journal.ts',
  specs: ['test/integration/refusals-of-callers.integration-spec.ts'],
};

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const keys = [
  {
    id: 'keys-retired-soon-after-another',
    ...rotation,
    find: '      plusSeconds(active.changedAt, SETTLING_SECONDS),\n',
    replace: '',
  },
  {
    id: 'keys-dropped-while-it-becomes-active',
    ...rotation,
    find: "      if (current && current.state !== from) throw ringKeyError('ring_key.active');\n",
    replace: '',
  },
  {
    id: 'keys-dropped-with-values',
    ...rotation,
    find: "if (key.purpose === 'sealing') await",
    replace: 'if (false) await',
  },
  {
    id: 'keys-not-required-by-the-version-before',
    ...rotation,
    find: '      await this.repository.insertChecks(tx, [check]);\n',
    replace: '',
  },
  {
    id: 'keys-required-after-retirement',
    ...rotation,
    find: '      await this.repository.deleteCheck(tx, key);\n',
    replace: '',
  },
  {
    id: 'keys-of-the-version-before-may-be-missing',
    file: 'libs/platform/keys/src/ring-states.ts',
    find: "epoch, state: 'retiring', checkValue",
    replace: "epoch, state: 'known', checkValue",
    specs: retirement,
  },
  {
    id: 'keys-index-key-ends-despite-holders',
    ...rotation,
    find: "if (isDespiteHolders && purpose === 'token') return found;",
    replace: 'if (isDespiteHolders) return found;',
    specs: rotating,
  },
  {
    id: 'keys-digests-of-all-keys-deleted',
    file: 'libs/platform/keys/src/digested-rows.repository.ts',
    find: 'SELECT ctid FROM ${digests} WHERE key_id = $1 LIMIT $2',
    replace: 'SELECT ctid FROM ${digests} WHERE $1::text IS NOT NULL LIMIT $2',
    specs: rotating,
  },
  {
    id: 'keys-rewrapped-over-a-change',
    file: 'libs/platform/keys/src/store/sealed-values.repository.ts',
    find: ' AND stored.${column} = batch.sealed RETURNING',
    replace: ' RETURNING',
    specs: rotating,
  },
  {
    id: 'keys-rewrapped-to-a-former-key',
    ...rewrapping,
    find: 'if (this.keyRing.active(purpose).id !== active?.keyId) return null;',
    replace: 'if (!active) return null;',
  },
  {
    id: 'keys-rewrapped-before-all-replicas-follow',
    ...rewrapping,
    find: 'plusSeconds(changedAt, LAG_SECONDS)',
    replace: 'changedAt',
  },
  {
    id: 'keys-rewrapped-without-end',
    ...rewrapping,
    find: 'return passStartedAt >= plusSeconds',
    replace: 'return passStartedAt > plusSeconds',
  },
  {
    id: 'keys-rewrapped-from-where-another-key-ended',
    ...rewrapping,
    find: 'one.work === name && one.keyId === active.keyId',
    replace: 'one.work === name',
  },
  { id: 'keys-not-rewrapped-anew', ...rewrapping, find: 'if (!isAnew && same) {', replace: 'if (same) {' },
  {
    id: 'keys-unwrapped-for-another-epoch',
    file: 'libs/platform/config/src/key-ring-source.ts',
    find: '${purpose}/${id}/${epoch}`',
    replace: '${purpose}/${id}`',
    specs: kms,
  },
  { id: 'keys-kms-token-for-a-redirect', ...vault, find: "redirect: 'error'", replace: "redirect: 'follow'" },
  { id: 'keys-kms-without-some-keys', ...vault, find: 'texts.length !== batch.length || ', replace: '' },
  {
    id: 'keys-kms-ring-in-a-file-refused',
    file: 'libs/platform/config/src/configuration.ts',
    find: ', KEYS_FILE: undefined });',
    replace: ' });',
    specs: kms,
  },
  {
    id: 'keys-rotated-without-a-silent-replica',
    file: 'libs/platform/keys/src/store/ring-keys.repository.ts',
    find: "interval '60 seconds'",
    replace: "interval '35 seconds'",
    specs: rotating,
  },
  { id: 'ledger-lower-mark', ...file, find: 'Math.max(before, line.mark)', replace: 'line.mark' },
  {
    id: 'ledger-mark-of-another-installation',
    ...file,
    find: 'mark?.lineage === line.lineage ? mark.mark : 0;',
    replace: 'mark?.mark ?? 0;',
  },
  { id: 'ledger-later-end', ...file, find: 'doneAt: known.doneAt ?? at }', replace: 'doneAt: at }' },
  { id: 'ledger-for-all-users', ...file, find: "'a', 0o600", replace: "'a', 0o644" },
  {
    id: 'ledger-postgres-lower-mark',
    ...postgres,
    find: 'GREATEST(countersign_ledger_mark.mark, excluded.mark)',
    replace: 'excluded.mark',
  },
  {
    id: 'ledger-postgres-later-end',
    ...postgres,
    find: 'COALESCE(done_at, $2)',
    replace: '$2::timestamptz',
  },
  {
    id: 'ledger-postgres-intended-anew',
    ...postgres,
    find: '$2 ON CONFLICT DO NOTHING',
    replace: '$2 ON CONFLICT (user_id) DO UPDATE SET intended_at = excluded.intended_at, done_at = NULL',
  },
  {
    id: 'ledger-postgres-away-for-ever',
    ...postgres,
    find: '      this.prepared = null;\n',
    replace: '',
  },
  {
    id: 'seals-part-of-an-instant',
    file: 'libs/platform/audit/src/seals/transaction-records.repository.ts',
    find: '(r.occurred_at, r.id) > ($3::timestamptz, $4::uuid)\n    AND r.xid',
    replace: 'r.occurred_at > $3::timestamptz AND $4::uuid IS NOT NULL\n    AND r.xid',
    specs: sealing,
  },
  {
    id: 'seals-dated-back',
    file: 'libs/platform/audit/src/seals/block-maker.ts',
    find: 'last && last.sealedAt > now ? last.sealedAt : now',
    replace: 'now',
    specs: sealing,
  },
  {
    id: 'seals-day-closed-at-midnight',
    file: 'libs/platform/audit/src/seals/audit-sealer.ts',
    find: 'range.before.getTime() + CLOSED_AFTER_MS',
    replace: 'range.before.getTime()',
    specs: sealing,
  },
  {
    id: 'seals-day-closed-before-its-transactions',
    file: 'libs/platform/audit/src/seals/audit-sealer.ts',
    find: 'isClosed = areEnded &&',
    replace: 'isClosed = isOver &&',
    specs: sealing,
  },
  {
    id: 'seals-day-closed-behind-later-transactions',
    file: 'libs/platform/audit/src/seals/audit-sealer.ts',
    find: 'day.closingBelow ?? horizon.xmax',
    replace: 'day.closingBelow ?? horizon.xmin',
    specs: sealing,
  },
  {
    id: 'seals-day-closed-when-nothing-is-open',
    file: 'libs/platform/audit/src/seals/audit-sealer.ts',
    find: 'day.closingBelow ?? horizon.xmax',
    replace: 'horizon.xmax',
    specs: sealing,
  },
  {
    id: 'seals-without-codes-a-moment-longer',
    file: 'libs/platform/audit/src/trail/trail-origin.ts',
    find: 'sealedAt < codesSince',
    replace: 'sealedAt <= codesSince',
    specs: ['libs/platform/audit/src/verification/block-check.spec.ts'],
  },
  {
    id: 'seals-a-new-trail-beside-its-key',
    file: 'libs/platform/audit/src/trail/trail-adoption.ts',
    find: "      if (keys.length > 0) throw auditError('audit_trail.cut');\n",
    replace: '',
    specs: ['test/integration/audit-origin.integration-spec.ts'],
  },
  {
    id: 'seals-a-trail-adopted-again',
    file: 'libs/platform/audit/src/trail/trail-adoption.ts',
    find: "    if (await this.witness.knowsBlock()) throw auditError('audit_trail.cut');\n",
    replace: '',
    specs: ['test/integration/audit-adoption.integration-spec.ts'],
  },
  {
    id: 'seals-any-public-half',
    file: 'libs/platform/audit/src/seals/audit-keys.ts',
    find: 'key.keyId === id && key.publicKey.equals(publicKey)',
    replace: 'key.keyId === id',
    specs: ['test/integration/audit-seals.integration-spec.ts'],
  },
  {
    id: 'audit-nightly-today-only',
    ...nightly,
    find: 'number > today - NEWEST_DAYS || number',
    replace: 'number > today - NEWEST_DAYS && number',
  },
  {
    id: 'audit-nightly-older-days-never',
    ...nightly,
    find: ' || number % RUNS_OF_A_TURN === today % RUNS_OF_A_TURN;',
    replace: ';',
  },
  {
    id: 'audit-nightly-metric-stays',
    ...nightly,
    find: '    this.problems = problemCount;\n',
    replace: '    this.problems ??= problemCount;\n',
  },
  {
    id: 'audit-nightly-late-records-stay-out',
    ...nightly,
    find: '    await this.verifier.reopen(verdict);\n',
    replace: '',
  },
  {
    id: 'export-second-head',
    ...exported,
    find: 'if (head && !this.head)',
    replace: 'if (head)',
  },
  {
    id: 'export-second-list',
    ...exported,
    find: ' || this.leaves.has(number))',
    replace: ')',
  },
  {
    id: 'refusals-of-limits',
    ...refusals,
    find: 'status === 403 || status === 429 ||',
    replace: 'status === 403 ||',
  },
  {
    id: 'refusals-by-the-failing-service',
    ...refusals,
    find: "code.startsWith('service.')",
    replace: "code === 'service.'",
  },
  {
    id: 'refusals-of-routes-without-credentials',
    file: 'apps/api/src/http/note-refusals.ts',
    find: " && addressLimit.counts !== 'calls'",
    replace: '',
    specs: ['test/integration/admin-refusals.integration-spec.ts'],
  },
  {
    id: 'refusals-lost-with-the-database',
    ...refusals,
    find: '      this.singles.unshift(...singles);\n',
    replace: '',
  },
  {
    id: 'refusals-counts-lost-with-the-database',
    ...refusals,
    find: '      this.verified.giveBack(verified);\n',
    replace: '',
  },
  {
    id: 'refusals-without-a-bound',
    ...refusals,
    find: ' || this.recordsOfMinute >= MAX_RECORDS_OF_MINUTE) return null;',
    replace: ') return null;',
  },
  {
    id: 'refusals-rows-of-the-first-minute-only',
    ...refusals,
    find: '    this.rows = new RowsOfMinute();\n',
    replace: '',
  },
  {
    id: 'refusals-of-an-application-in-capitals',
    file: 'apps/api/src/http/note-refusals.ts',
    find: 'peekById(applicationId.toLowerCase())',
    replace: 'peekById(applicationId)',
    specs: ['test/integration/admin-refusals.integration-spec.ts'],
  },
];
