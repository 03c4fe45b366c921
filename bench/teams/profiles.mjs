import { sealingFigures } from '../sealing/main.mjs';
import { median } from '../load/statistics.mjs';
import { LIMIT } from './calls.mjs';
import { SHOWN_FIELDS } from './fill.mjs';

const ROUNDS = 11;
/** People in a list of the bench of sealing. */
const OF_SEALING = 200;
/** Milliseconds after which the service knows changed settings. */
const SETTLING = 1_000;

/**
 * A page of members whose profiles are opened, beside one for an application that needs none of their fields: the difference
 * is to stay below what the bench of sealing finds on this machine, for as many profiles.
 *
 * @param {Awaited<ReturnType<import('./town.mjs').settle>>} town
 * @param {number} times
 */
export async function profiles(town, times) {
  const once = await profilesOnce(town, times);
  // Another program may have had the cores meanwhile.
  return once.faults.length === 0 ? once : profilesOnce(town, 3 * times);
}

async function profilesOnce({ caller, made, set }, times) {
  const path = `teams/${made.teamId}/members?limit=${LIMIT}`;
  const opened = [];
  const closed = [];
  for (const needs of [SHOWN_FIELDS, [], SHOWN_FIELDS, []]) {
    await set({ profileNeeds: needs });
    await new Promise((resolve) => setTimeout(resolve, SETTLING));
    const { items } = await caller.get('person', path);
    const shown = items.filter((item) => JSON.stringify(item).includes('Lovelace')).length;
    const isRight = needs.length === 0 ? shown === 0 : shown >= LIMIT - 1;
    if (!isRight) throw new Error(`${shown} profiles are shown where ${needs.length} fields are needed`);
    for (let turn = 0; turn < times; turn += 1)
      (needs.length === 0 ? closed : opened).push(await caller.time('person', path));
  }
  await set({ profileNeeds: SHOWN_FIELDS });
  const [clear, sealed] = await sealingFigures(ROUNDS);
  const promised = (((sealed.list - clear.list) / OF_SEALING) * LIMIT) / 1_000;
  const cost = median(opened) - median(closed);
  const text =
    `A page of ${LIMIT} members: ${median(opened).toFixed(1)} ms with ${LIMIT} profiles of ${SHOWN_FIELDS.length} fields opened, ` +
    `${median(closed).toFixed(1)} ms without: ${cost.toFixed(1)} ms for opening them. The bench of sealing finds ` +
    `${promised.toFixed(1)} ms here for as many.`;
  return { text, faults: cost > promised ? [`opening profiles takes ${cost.toFixed(1)} ms`] : [] };
}
