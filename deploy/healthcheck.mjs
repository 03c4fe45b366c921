// Whether this replica can serve, as an exit code: `healthcheck.mjs [port]`. The image has no curl.
const answer = await fetch(`http://127.0.0.1:${process.argv[2] ?? (process.env.PORT || 3000)}/health/ready`, {
  signal: AbortSignal.timeout(4_000),
}).catch(() => null);
process.exitCode = answer?.ok ? 0 : 1;
