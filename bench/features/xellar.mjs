import { join } from 'node:path';
import { say } from '../../scripts/lib/main.mjs';
import { print } from '../frame.mjs';
import { call, signIn } from '../product/caller.mjs';
import { install } from '../product/installation.mjs';
import { median } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';

/** A login of Xellar's clients, by the native one. Medians. */
const MAX_RATIO = 1.3;
const WARM_UP = 50;

/** Logins of people who have an account: native, and by the API of Xellar's clients. */
export async function logIn({ times, folder, bot, ending, check }) {
  const options = {
    folder: join(folder, 'installation'),
    bot,
    ending,
    settings: { xellar: { enabled: true } },
  };
  const { applicationId, clientSecret, start } = await install(options);
  const service = await start();
  const headers = { 'x-client-secret': clientSecret };
  const logins = [
    {
      route: 'POST /v1/auth/telegram/init-data',
      logIn: (user) => signIn(service, applicationId, bot, user),
      latencies: [],
    },
    {
      route: 'POST /api/v2/auth/telegram',
      logIn: (user) =>
        call('POST', `${service.origin}/api/v2/auth/telegram`, {
          headers,
          body: { dataString: bot.launchOf(user), botUsername: 'bench_bot' },
        }),
      latencies: [],
    },
  ];

  say('Measuring logins ...');
  for (let turn = -WARM_UP; turn < times; turn += 1) {
    check();
    const user = bot.newUser();
    await signIn(service, applicationId, bot, user);
    // In turn, because a machine drifts, and each as often first.
    for (const { logIn: enter, latencies } of turn % 2 === 0 ? logins : logins.toReversed()) {
      const from = performance.now();
      await enter(user);
      if (turn >= 0) latencies.push(performance.now() - from);
    }
  }
  const [native, other] = logins.map(({ latencies }) => median(latencies));
  const ratio = other / native;
  print(
    tableOf(logins, {
      route: ({ route }) => route,
      ' ms': ({ latencies }) => median(latencies).toFixed(2),
      ' by the native one': ({ latencies }) => (median(latencies) / native).toFixed(2),
    }),
  );
  return ratio > MAX_RATIO
    ? [`a login of Xellar's clients takes ${ratio.toFixed(2)} times the native one`]
    : [];
}
