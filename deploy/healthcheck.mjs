// Whether this process can serve, as an exit code: `healthcheck.mjs [port]`, or for custody `healthcheck.mjs /path/of/socket`. The image has no curl.
import { connect } from 'node:net';

const [target = process.env.PORT || '3000'] = process.argv.slice(2);
const isUp = await (target.startsWith('/') ? takesConnections(target) : isReady(target));
process.exitCode = isUp ? 0 : 1;

async function isReady(port) {
  const signal = AbortSignal.timeout(4_000);
  const { HOST } = process.env;
  const host = HOST && HOST !== '0.0.0.0' ? HOST : '127.0.0.1';
  const answer = await fetch(`http://${host}:${port}/health/ready`, { signal }).catch(() => null);
  return answer?.ok ?? false;
}

function takesConnections(path) {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.setTimeout(4_000);
    for (const event of ['connect', 'error', 'timeout'])
      socket.once(event, () => {
        socket.destroy();
        resolve(event === 'connect');
      });
  });
}
