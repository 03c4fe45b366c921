import { Connections } from './connections.mjs';
import { portOf } from './rounds.mjs';

/**
 * Shows that a contestant does the work it is measured for: somebody logs out, and what they hold is worth nothing any
 * more; nor is a forged proof.
 *
 * @param {import('./rounds.mjs').Contestant} contestant
 * @returns {Promise<number>} things that were refused
 * @throws Error with the first thing that was let through.
 */
export async function provokeRefusals(contestant) {
  const { crowd, dialect } = contestant;
  const send = async (exchange) => {
    const connections = await Connections.open(portOf(contestant, exchange.of), 1);
    try {
      await connections.send(exchange);
    } catch (error) {
      throw new Error(`${contestant.name}, what is to be refused: ${error.message}`, { cause: error });
    } finally {
      connections.close();
    }
  };
  await send(dialect.enter(crowd, crowd.bot.newUser()));
  const [gone] = crowd.newest(1);
  await send(dialect.logout(crowd, gone));
  const refusals = dialect.refusals(crowd, gone);
  for (const refusal of refusals) await send(refusal);
  return refusals.length;
}
