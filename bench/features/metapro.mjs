import { join } from 'node:path';
import { say } from '../../scripts/lib/main.mjs';
import { print } from '../frame.mjs';
import { bearer, call, signIn } from '../product/caller.mjs';
import { install } from '../product/installation.mjs';
import { median } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';

/** `me` of Metapro's clients, by the native one. Medians. */
const MAX_RATIO = 1.3;
const WARM_UP = 50;

/** `me` of one person: native, and with the token of Metapro's clients. */
export async function readMe({ times, folder, bot, ending, check }) {
  const options = {
    folder: join(folder, 'installation'),
    bot,
    ending,
    settings: { metapro: { enabled: true } },
  };
  const { applicationId, start } = await install(options);
  const service = await start();
  const user = bot.newUser();
  const { accessToken } = await signIn(service, applicationId, bot, user);
  const login = await call('POST', `${service.origin}/users-service/v2/auth/telegram/login/simple`, {
    body: { telegramBotName: 'bench_bot', telegramSimpleString: bot.launchOf(user) },
  });
  const headers = { authorization: login.token.accessToken, 'x-account-userid': login.account.userId };
  const routes = [
    { route: 'GET /v1/me', headers: bearer(accessToken), latencies: [] },
    { route: 'GET /users-service/me', headers, latencies: [] },
  ];

  say('Measuring reads ...');
  // In turn, because a machine drifts.
  for (let turn = -WARM_UP; turn < times; turn += 1) {
    check();
    for (const { route, headers: own, latencies } of routes) {
      const from = performance.now();
      await call('GET', `${service.origin}${route.slice(4)}`, { headers: own });
      if (turn >= 0) latencies.push(performance.now() - from);
    }
  }
  const [native, other] = routes.map(({ latencies }) => median(latencies));
  const ratio = other / native;
  print(
    tableOf(routes, {
      route: ({ route }) => route,
      ' ms': ({ latencies }) => median(latencies).toFixed(2),
      ' by GET /v1/me': ({ latencies }) => (median(latencies) / native).toFixed(2),
    }),
  );
  return ratio > MAX_RATIO ? [`me of Metapro's clients takes ${ratio.toFixed(2)} times the native one`] : [];
}
