import { asSentence } from '@countersign/private-postgres';
import { Ending, Interrupted } from './ending';
import { Settings } from './settings';
import { start } from './start';
import { UndoStack } from './undo-stack';

/**
 * Runs the product for development: starts what is missing around it, runs the API in this process, and on a
 * signal stops everything, the database last. Ends the process.
 *
 * @param command that a person starts this with, for sentences
 */
export async function launch(command: string): Promise<never> {
  const ending = new Ending();
  const undo = new UndoStack();
  const settings = Settings.of(process.env);
  try {
    // Late, when its environment is complete.
    const load = async () => (await import('./product.js')).loadProduct();
    await start(settings, { command, load, undo, ending });
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      await undo.run();
      throw asSentence(error, settings.dataFolder);
    }
  }
  const exitCode = await ending.reached;
  await undo.run();
  process.exit(exitCode);
}
