/** The command line is wrong; the message says how it should be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Usage: npm run --silent countersign -- <command>

  application create --name <name> [--trust first-party|third-party] [--origin <https://...>]... [--json]
  application set <applicationId> --settings-stdin [--json]
  bot add --application <id> --username <name> --token-stdin [--provider telegram|openweb3]
          [--environment production|test] [--signature required|optional] [--json]
  bot set <botId> [--status active|disabled|compromised] [--signature required|optional]
          [--provider telegram|openweb3] [--environment production|test] [--json]
  user set <userId> --status active|deactivated [--json]
  session revoke --user <id> | --session <id> [--json]
  keys generate [--out <file>]
  migrate [--json]
  rapidpace sign --secret-stdin [--json]
  explain --application <id> --init-data-stdin [--bot <botId>] [--json]

Secrets enter by standard input. With --json exactly one JSON object is printed.`;
