/**
 * Principals of operators and their secrets, clients of applications, repeated requests, keys of identity tokens, the command
 * line, jobs, bots, and metrics, traces and errors of the service.
 */

const principals = 'libs/platform/admin/src/principals/principals.service.ts';
const rows = 'libs/platform/admin/src/principals/principals.repository.ts';
const tokens = 'libs/platform/admin/src/principals/principal-tokens.ts';
const publicKeys = 'libs/platform/admin/src/principals/public-keys.ts';
const ofSecrets = ['test/integration/admin-principal-secrets.integration-spec.ts'];
const ofAssertions = ['test/integration/admin-attacks-tokens.integration-spec.ts'];
const ofAttacks = ['test/integration/admin-attacks-principals.integration-spec.ts'];
const ofRepeats = ['test/integration/idempotency.integration-spec.ts'];
const ofRevocation = ['test/integration/oauth-revocation.integration-spec.ts'];
const ofClients = ['test/integration/users.integration-spec.ts'];
const ofReveals = ['test/integration/admin-reveal-requests.integration-spec.ts'];
const ofUsers = ['test/integration/admin-users.integration-spec.ts'];
const ofStart = ['test/integration/upkeep.integration-spec.ts'];
const ofIdentityKeys = ['test/integration/identity-keys.integration-spec.ts'];

const cookies = 'libs/platform/admin/src/sessions/session-cookie.ts';
const sessions = 'libs/platform/admin/src/sessions/principal-sessions.ts';
const ofProvider = 'libs/platform/admin/src/sessions/provider-principals.ts';
const ofConsole = ['test/integration/console.integration-spec.ts'];
const ofCompany = ['test/integration/console-provider.integration-spec.ts'];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const operators = [
  {
    id: 'console-session-from-another-port',
    file: cookies,
    find: "headers['sec-fetch-site'] !== 'same-origin' || !isOwnOrigin",
    replace: "headers['sec-fetch-site'] === 'cross-site'",
    specs: ofConsole,
  },
  {
    id: 'console-change-without-csrf-token',
    file: sessions,
    find: '    assertCsrfToken(request, cookie);\n',
    replace: '',
    specs: ofConsole,
  },
  {
    id: 'console-session-without-end',
    file: sessions,
    find: 'earliest(endsAt, plusSeconds(this.clock.now(), IDLE_SECONDS))',
    replace: 'plusSeconds(this.clock.now(), IDLE_SECONDS)',
    specs: ofConsole,
  },
  {
    id: 'console-sessions-run-on-without-scopes',
    file: ofProvider,
    find: '    if (scopes.length === 0) await this.principals.deleteTokens(tx, id);\n',
    replace: '',
    specs: ofCompany,
  },
  {
    id: 'console-sign-in-of-a-disabled-principal',
    file: ofProvider,
    find: "known.status === 'active' ? { ...known, scopes: sorted } : null",
    replace: '{ ...known, scopes: sorted }',
    specs: ofCompany,
  },
  {
    id: 'principal-secret-never-expires',
    file: rows,
    find: '      expiresAt: Or(IsNull(), MoreThan(now)),\n',
    replace: '',
    specs: ofSecrets,
  },
  {
    id: 'principal-secret-of-a-person-for-two-hours',
    file: principals,
    find: 'plusSeconds(now, ONE_TIME_SECONDS)',
    replace: 'plusSeconds(now, 2 * ONE_TIME_SECONDS)',
    specs: ofSecrets,
  },
  {
    id: 'principal-secret-of-others-removed',
    file: rows,
    find: 'tx.delete(PrincipalSecretEntity, { id, principalId })',
    replace: 'tx.delete(PrincipalSecretEntity, { id })',
    specs: ofSecrets,
  },
  {
    id: 'principal-secrets-one-more',
    file: principals,
    find: 'known.length >= MAX_SECRETS',
    replace: 'known.length > MAX_SECRETS',
    specs: ofSecrets,
  },
  {
    id: 'principal-tokens-revived',
    file: principals,
    find: "if (status === 'disabled') await this.principals.deleteTokens(tx, principalId);",
    replace: '',
    specs: ofSecrets,
  },
  {
    id: 'principal-key-ends-all-tokens',
    file: rows,
    find: 'tx.delete(PrincipalTokenEntity, { principalId, secretId: IsNull() })',
    replace: 'tx.delete(PrincipalTokenEntity, { principalId })',
    specs: ofSecrets,
  },
  {
    id: 'principal-keys-of-one-name',
    file: publicKeys,
    find: '(key as JWK).kid)).size < keys.length',
    replace: '(key as JWK).kid)).size < 0',
    specs: ofSecrets,
  },
  {
    id: 'principal-key-too-short',
    file: publicKeys,
    find: 'length < MIN_RSA_BYTES',
    replace: 'length < MIN_RSA_BYTES / 2',
    specs: ofSecrets,
  },
  {
    id: 'principal-of-the-same-name-refused',
    file: principals,
    find: 'name !== undefined && name !== before.name &&',
    replace: 'name !== undefined &&',
    specs: ofSecrets,
  },
  {
    id: 'principal-created-without-the-right',
    file: principals,
    find: "this.assertMayGrant(tx, granter, ['principals:write', ...scopes]);",
    replace: 'this.assertMayGrant(tx, granter, scopes);',
    specs: ofAttacks,
  },
  {
    id: 'principal-removed-without-the-right',
    file: principals,
    find: "this.assertMayGrant(tx, granter, ['principals:write', ...before.scopes]);",
    replace: 'this.assertMayGrant(tx, granter, before.scopes);',
    specs: ofAttacks,
  },
  {
    id: 'principal-assertion-forgotten-too-early',
    file: tokens,
    find: 'new Date((exp + TOLERANCE_SECONDS) * 1_000)',
    replace: 'new Date(exp * 1_000)',
    specs: ofAssertions,
  },
  {
    id: 'principal-assertion-of-any-kind',
    file: 'libs/platform/admin/src/principals/token.controller.ts',
    find: "if (form.get('client_assertion_type') !== ASSERTION_TYPE) return null;",
    replace: '',
    specs: ofAssertions,
  },
  {
    id: 'principal-assertions-kept-for-ever',
    file: rows,
    find: 'of [PrincipalTokenEntity, PrincipalAssertionEntity]',
    replace: 'of [PrincipalTokenEntity]',
    specs: ofAssertions,
  },
  {
    id: 'principal-tokens-of-one-batch-deleted',
    file: 'libs/platform/database/src/statements/batched-deletions.ts',
    find: 'if (deleted < size) return total;',
    replace: 'return total;',
    specs: ofAssertions,
  },
  {
    id: 'bulk-call-goes-on-without-a-database',
    file: 'libs/platform/admin/src/lists/bulk.ts',
    find: " || error.kind === 'unavailable'",
    replace: '',
    specs: ['libs/platform/admin/src/lists/bulk.spec.ts'],
  },
  {
    id: 'principal-one-time-secret-many-times',
    file: tokens,
    find: 'if (!principal.secretIds.includes(found.id)) return null;',
    replace: '',
    specs: ['test/integration/admin-principals.integration-spec.ts'],
  },
  {
    id: 'principal-token-outlives-its-secret',
    file: tokens,
    find: 'end === null ? longest : earliest(end, longest)',
    replace: 'longest',
    specs: ['test/integration/admin-principals.integration-spec.ts'],
  },
  {
    id: 'repeat-forgotten-by-upkeep',
    file: 'libs/platform/idempotency/src/idempotency.ts',
    find: '      where: { createdAt: LessThan(this.forgottenBefore()) },\n',
    replace: '',
    specs: ofRepeats,
  },
  {
    id: 'repeat-in-progress-one-moment-longer',
    file: 'libs/platform/idempotency/src/idempotency.ts',
    find: 'plusSeconds(createdAt, RUNNING_SECONDS) > this.clock.now()',
    replace: 'plusSeconds(createdAt, RUNNING_SECONDS) >= this.clock.now()',
    specs: ofRepeats,
  },
  {
    id: 'repeat-forgotten-without-an-outcome',
    file: 'libs/platform/idempotency/src/takes-idempotency-key.ts',
    find: "kind !== 'unavailable' && kind !== 'internal'",
    replace: "kind !== 'internal'",
    specs: ofRepeats,
  },
  {
    id: 'repeat-on-any-route',
    file: 'libs/platform/idempotency/src/idempotency.ts',
    find: '[...caller, route, plain]',
    replace: '[...caller, plain]',
    specs: ofRepeats,
  },
  {
    id: 'oauth-revokes-what-has-ended',
    file: 'libs/identity/oauth/src/revocation.service.ts',
    find: '!session || session.endedAt || session',
    replace: '!session || session',
    specs: ofRevocation,
  },
  {
    id: 'oauth-client-named-in-lower-case-only',
    file: 'libs/identity/oauth/src/revocation.service.ts',
    find: 'named.toLowerCase() !== applicationId',
    replace: 'named !== applicationId',
    specs: ofRevocation,
  },
  {
    id: 'oauth-client-in-lower-case-only',
    file: 'libs/identity/oauth/src/client-authenticator.ts',
    find: 'presented.clientId.toLowerCase()',
    replace: 'presented.clientId',
    specs: ['test/integration/oauth-client-secrets.integration-spec.ts'],
  },
  {
    id: 'limit-of-clients-dropped',
    file: 'libs/identity/oauth/src/authenticated-client.ts',
    find: '    assertAllowed(verdict);\n',
    replace: '',
    specs: ofClients,
  },
  {
    id: 'limit-counts-demands-for-a-nonce',
    file: 'libs/platform/limits/src/refusal-limit.ts',
    find: " && challenge?.error !== 'use_dpop_nonce'",
    replace: '',
    specs: ['libs/platform/limits/src/refusal-limit.spec.ts'],
  },
  {
    id: 'limit-of-clients-for-all-applications',
    file: 'libs/identity/oauth/src/authenticated-client.ts',
    find: 'consume(CLIENT_READS, [applicationId])',
    replace: 'consume(CLIENT_READS, [])',
    specs: ofClients,
  },
  {
    id: 'identity-key-of-another-kind-signs',
    file: 'libs/identity/issuer/src/keys/identity-keys.ts',
    find: 'keys.find(({ algorithm }) => algorithm === this.configuration.identityTokenAlgorithm)',
    replace: 'keys[0]',
    specs: ofIdentityKeys,
  },
  {
    id: 'replica-without-a-key-is-ready',
    file: 'apps/api/src/health/health.service.ts',
    find: 'return this.heartbeat.problem;',
    replace: 'return null;',
    specs: ['test/integration/keys.integration-spec.ts'],
  },
  {
    id: 'identity-key-twice',
    file: 'libs/identity/issuer/src/keys/identity-keys.ts',
    find: "if (this.isNextDue(change.keys, change.now)) await this.add(change, 'system');",
    replace: "await this.add(change, 'system');",
    specs: ofIdentityKeys,
  },
  {
    id: 'server-metadata-not-cacheable',
    file: 'libs/identity/issuer/src/well-known.controller.ts',
    find: "  @Header('cache-control', CACHING)\n  @Answers(ServerMetadataResponse)\n",
    replace: '  @Answers(ServerMetadataResponse)\n',
    specs: ofIdentityKeys,
  },
  {
    id: 'operators-see-the-earliest-of-the-last-visits',
    file: 'libs/identity/users/src/directory/user-directory.ts',
    find: 'days.toSorted().at(-1) ?? null',
    replace: 'days.toSorted().at(0) ?? null',
    specs: ofUsers,
  },
  {
    id: 'operator-erases-by-current-id-only',
    file: 'libs/identity/account/src/admin/user-acts.service.ts',
    find: 'this.erasures.eraseFor(currentId, reason, isNow, forfeitWallets, check)',
    replace: 'this.erasures.eraseFor(userId, reason, isNow, forfeitWallets, check)',
    specs: ofUsers,
  },
  {
    id: 'operator-opens-by-current-id-only',
    file: 'libs/identity/account/src/reveals/user-reveals.service.ts',
    find: 'await this.users.resolveId(userId)',
    replace: 'await Promise.resolve(userId)',
    specs: ofUsers,
  },
  {
    id: 'cli-sessions-in-a-state-of-all-accounts',
    file: 'apps/cli/src/commands/session.ts',
    find: "(call.has('application') || call.has('state'))",
    replace: "call.has('application')",
    specs: ['test/integration/admin-sessions.integration-spec.ts'],
  },
  {
    id: 'cli-ledger-away-is-a-defect',
    file: 'apps/cli/src/describe-error.ts',
    find: '  if (error instanceof LedgerAwayError) return exitCodes.unavailable;\n',
    replace: '',
    specs: ['apps/cli/src/run-command.spec.ts'],
  },
  {
    id: 'cli-list-beyond-its-limit',
    file: 'libs/platform/admin/src/lists/read-list.ts',
    find: 'Math.min(PAGE, wanted - found.length)',
    replace: 'Math.min(PAGE, wanted)',
    specs: ['libs/platform/admin/src/lists/read-list.spec.ts'],
  },
  {
    id: 'database-read-only-is-a-defect',
    file: 'libs/platform/database/src/database.errors.ts',
    find: '57P0[1-5]|25006|25P03',
    replace: '57P0[1-5]|25P03',
    specs: ['libs/platform/database/src/database.errors.spec.ts'],
  },
  {
    id: 'cli-attached-identities-of-all-accounts',
    file: 'apps/cli/src/commands/identity.ts',
    find: '(userId ?? one.userId) === one.userId && ',
    replace: '',
    specs: ['test/integration/account-takeover.integration-spec.ts'],
  },
  {
    id: 'cli-jobs-that-run-do-not-wait',
    file: 'apps/cli/src/commands/job.ts',
    find: 'String(counts.created + counts.retry + counts.active)',
    replace: 'String(counts.created)',
    specs: ['test/integration/admin-jobs.integration-spec.ts'],
  },
  {
    id: 'reveal-requests-that-have-expired-wait',
    file: 'libs/identity/account/src/reveals/reveal-requests.repository.ts',
    find: "        status: 'pending',\n        expiresAt: MoreThan(now),\n",
    replace: "        status: 'pending',\n",
    specs: ofReveals,
  },
  {
    id: 'reveal-counts-of-operators-stay',
    file: 'libs/identity/account/src/reveals/reveal-upkeep.ts',
    find: '        (await this.counts.deleteBefore(tx, counted)) +\n',
    replace: '',
    specs: ofReveals,
  },
  {
    id: 'reveal-ceiling-until-another-time',
    file: 'libs/identity/account/src/reveals/user-reveals.service.ts',
    find: 'Math.ceil((DAY - (now.getTime() % DAY)) / 1_000)',
    replace: 'Math.ceil((now.getTime() % DAY) / 1_000)',
    specs: ['test/integration/admin-user-reveals.integration-spec.ts'],
  },
  {
    id: 'operator-ceilings-until-another-time',
    file: 'libs/identity/account/src/operator-counts/operator-counts.ts',
    find: 'Math.ceil((lengthMs - passed) / SECOND)',
    replace: 'Math.ceil(passed / SECOND)',
    specs: [
      'test/integration/admin-user-exports.integration-spec.ts',
      'test/integration/admin-user-lookups.integration-spec.ts',
    ],
  },
  {
    id: 'jobs-success-forgotten-with-its-row',
    file: 'libs/platform/jobs/src/job-history.repository.ts',
    find: "\n    UNION ALL SELECT name, completed_on FROM pgboss.archive WHERE state = 'completed'",
    replace: '',
    specs: ['test/integration/overdue-jobs.integration-spec.ts'],
  },
  {
    id: 'jobs-failure-counts-as-success',
    file: 'libs/platform/jobs/src/job-history.repository.ts',
    find: "FROM pgboss.archive WHERE state = 'completed'",
    replace: 'FROM pgboss.archive',
    specs: ['test/integration/overdue-jobs.integration-spec.ts'],
  },
  {
    id: 'principal-assertion-for-fifty-minutes',
    file: tokens,
    find: 'const MAX_ASSERTION_SECONDS = 300;',
    replace: 'const MAX_ASSERTION_SECONDS = 3_000;',
    specs: ['test/integration/admin-principals.integration-spec.ts'],
  },
  {
    id: 'links-of-a-compromised-bot',
    file: 'libs/identity/applications/src/bots/start-links.ts',
    find: "status === 'active'",
    replace: "status !== 'disabled'",
    specs: ['test/integration/admin-bots.integration-spec.ts'],
  },
  {
    id: 'tracing-failures-without-error',
    file: 'libs/platform/observability/src/tracing/open-telemetry-tracing.ts',
    find: 'if (status >= 500)',
    replace: 'if (status > 500)',
    specs: ['test/integration/tracing.integration-spec.ts'],
  },
  {
    id: 'api-chosen-admin-port-is-taken',
    file: 'apps/api/src/bootstrap.ts',
    find: 'if (!isTaken || adminPort !== null) throw error;',
    replace: 'if (!isTaken) throw error;',
    specs: ['test/integration/http-listeners.integration-spec.ts'],
  },
  {
    id: 'api-no-webhooks-are-delivered',
    file: 'apps/api/src/startup.ts',
    find: '    this.deliveries.start();\n',
    replace: '',
    specs: ofStart,
  },
  {
    id: 'api-works-before-it-is-ready',
    file: 'apps/api/src/startup.ts',
    find: '    this.readiness.judgeBy(() => this.health.isReady());\n',
    replace: '',
    specs: ofStart,
  },
  {
    id: 'metrics-previews-of-links-are-sign-ins',
    file: 'apps/api/src/http/telemetry.ts',
    find: "if (door && method !== 'HEAD')",
    replace: 'if (door)',
    specs: ['test/integration/metrics.integration-spec.ts'],
  },
  {
    id: 'log-nothing-of-a-provider-that-is-away',
    file: 'libs/identity/auth/src/oidc/oidc-sign-in.service.ts',
    find: "if (error.kind === 'unavailable')",
    replace: "if (error.kind === 'gone')",
    specs: ['test/integration/oidc-refusals.integration-spec.ts'],
  },
];
