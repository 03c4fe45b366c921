import { asSentence } from '@countersign/private-postgres';
import { Ending, Interrupted } from './ending';
import { Settings } from './settings';
import { start } from './start';
import { UndoStack } from './undo-stack';

/**
 * Runs the product for development. It starts the missing services, then the API in this process. A signal stops
 * everything, the database last, and ends the process.
 * @param command the command that a person typed, for messages
 * @param onReady runs when the service is ready, and returns a function that ends its work
 */
export async function launch(command: string, onReady?: () => () => void): Promise<never> {
  const ending = new Ending();
  const undo = new UndoStack();
  const settings = Settings.of(process.env);
  try {
    // The import reads the environment, so it runs when the environment is complete.
    const load = async () => (await import('./product.js')).loadProduct();
    await start(settings, { command, load, undo, ending });
    if (onReady) undo.push(onReady());
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
