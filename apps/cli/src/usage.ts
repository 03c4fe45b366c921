/** The command line is wrong; the message says how it should be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Usage: npm run --silent countersign -- <command>

  application create --name <name> [--trust first-party|third-party] [--origin <https://...>]... [--json]
  application set <applicationId> --settings-stdin [--json]
  application add-secret <applicationId> --name <name> [--json]
  application list-secrets <applicationId> [--json]
  application remove-secret <applicationId> --secret <secretId> [--json]
  bot add --application <id> --username <name> --token-stdin [--provider telegram|openweb3]
          [--environment production|test] [--signature required|optional] [--json]
  bot set <botId> [--status active|disabled|compromised] [--signature required|optional] [--oidc-secret-stdin]
          [--provider telegram|openweb3] [--environment production|test] [--json]
  bot rotate <botId> --token-stdin [--until <instant>]
          [--provider telegram|openweb3] [--environment production|test] [--json]
  bot remove <botId> [--provider telegram|openweb3] [--environment production|test] [--json]
  bot allow | disallow --application <id> --bot <botId> [--environment production|test] [--json]
  user set <userId> --status active|deactivated [--json]
  session revoke --user <id> | --session <id> [--json]
  session revoke --rapidpace-of <applicationId> --since <instant> [--json]
  session revoke --bot <botId> --since <instant>
          [--provider telegram|openweb3] [--environment production|test] [--json]
  installation show [--json]
  installation set --account-level bot-token|platform [--json]
  identity list --attached-since <instant> [--bot <botId>]
          [--provider telegram|openweb3] [--environment production|test] [--json]
  identity detach | confirm <identityId> [--json]
  identity-key list | rotate [--json]
  identity-key revoke <kid> [--json]
  keys generate [--out <file>]
  migrate [--json]
  rapidpace add-secret --application <id> --secret-stdin [--json]
  rapidpace list-secrets --application <id> [--json]
  rapidpace remove-secret --application <id> --secret <secretId> [--json]
  rapidpace sign --secret-stdin [--json]
  explain --application <id> [--bot <botId>] [--json] and one of
          --init-data-stdin [--provider telegram|openweb3 | --third-party]
          --login-widget-stdin | --contact-stdin | --id-token-stdin [--nonce <nonce>]
          --rapidpace-body-stdin --hmac <base64> | --rapidpace-link-stdin
  fake-telegram [--port <port>] [--keys <file>] [--bot <botId>]... [--json]    in development only

Instants are written with their zone: 2026-01-31T23:59:00Z.
Secrets enter by standard input. With --json exactly one JSON object is printed.`;
