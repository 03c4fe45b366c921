import { Connections } from './connections.mjs';
import { portOf } from './rounds.mjs';

/** Shows that a subject does the work it is measured for: ended sessions and forged proofs are rejected. @returns their number */
export async function provokeRefusals(subject) {
  const { crowd, client } = subject;
  const send = async (exchange) => {
    const connections = await Connections.open(portOf(subject, exchange.of), 1);
    try {
      await connections.send(exchange);
    } catch (error) {
      throw new Error(`${subject.name}, what is to be refused: ${error.message}`, { cause: error });
    } finally {
      connections.close();
    }
  };
  await send(client.enter(crowd, crowd.bot.newUser()));
  const [gone] = crowd.newest(1);
  await send(client.logout(crowd, gone));
  const refusals = client.refusals(crowd, gone);
  for (const refusal of refusals) await send(refusal);
  return refusals.length;
}
