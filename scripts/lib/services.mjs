import { createRequire } from 'node:module';
import { inClone } from './clone.mjs';

const require = createRequire(import.meta.url);

/**
 * Works with services of the build, on the database of this environment: for what has to be there before a service runs.
 *
 * @param {Record<string, string>} env
 * @param {(get: (lib: string, name: string) => any) => Promise<T>} work `get('identity/account', 'AccountService')`
 * @returns {Promise<T>}
 * @template T
 */
export async function withServices(env, work) {
  const { openApplication } = require(inClone('dist/apps/cli/src/connect.js'));
  const { RingCheck } = require(inClone('dist/libs/platform/keys/src/index.js'));
  const app = await openApplication(env);
  try {
    await app.get(RingCheck).verify();
    return await work((lib, name) => app.get(require(inClone('dist', 'libs', lib, 'src/index.js'))[name]));
  } finally {
    await app.close();
  }
}

/** An application with a bot. @returns {Promise<{ applicationId: string, clientSecret: string }>} */
export function makeApplication(env, { settings = {}, token, username, name, presets = [] }) {
  return withServices(env, async (get) => {
    const applications = get('identity/applications', 'ApplicationsService');
    const { applicationId, clientSecret } = await applications.create({ name, for: presets });
    const place = { provider: 'telegram', environment: 'production' };
    await get('identity/applications', 'BotsService').add({ ...place, applicationId, username, token });
    await applications.change(applicationId, { settings });
    return { applicationId, clientSecret };
  });
}
