import { sealingFigures } from '../sealing/main.mjs';
import { median } from '../load/statistics.mjs';
import { LIMIT } from './calls.mjs';
import { publish, SHOWN_FIELDS } from './fill.mjs';

const ROUNDS = 11;
/** People in a list of the bench of sealing. */
const OF_SEALING = 200;

/**
 * A page of members whose profiles are opened, beside the same page where the fields are public, and so stand in clear: the
 * difference is to stay below what the bench of sealing finds on this machine, for as many profiles.
 *
 * @param {Awaited<ReturnType<import('./town.mjs').settle>>} town
 * @param {number} times
 */
export async function profiles(town, times) {
  const once = await profilesOnce(town, times);
  // Another program may have had the cores meanwhile.
  return once.faults.length === 0 ? once : profilesOnce(town, 3 * times);
}

async function profilesOnce({ caller, client, made }, times) {
  const { applicationId, teamId } = made;
  const path = `teams/${teamId}/members?limit=${LIMIT}`;
  const { items } = await caller.get('person', path);
  const userIds = items.map(({ userId }) => userId);
  const opened = [];
  const inClear = [];
  for (const isPublic of [false, true, false, true]) {
    await publish(client, applicationId, userIds, isPublic);
    const shown = (await caller.get('person', path)).items.filter((item) =>
      JSON.stringify(item).includes('Lovelace'),
    ).length;
    if (shown < LIMIT - 1) throw new Error(`${shown} profiles are shown`);
    for (let turn = 0; turn < times; turn += 1)
      (isPublic ? inClear : opened).push(await caller.time('person', path));
  }
  await publish(client, applicationId, userIds, false);
  const [clear, sealed] = await sealingFigures(ROUNDS);
  const promised = (((sealed.list - clear.list) / OF_SEALING) * LIMIT) / 1_000;
  const cost = median(opened) - median(inClear);
  const text =
    `A page of ${LIMIT} members with ${SHOWN_FIELDS.length} fields of their profiles: ${median(opened).toFixed(1)} ms where they ` +
    `are opened, ${median(inClear).toFixed(1)} ms where they are public: ${cost.toFixed(1)} ms for opening them. The bench of ` +
    `sealing finds ${promised.toFixed(1)} ms here for as many.`;
  return { text, faults: cost > promised ? [`opening profiles takes ${cost.toFixed(1)} ms`] : [] };
}
